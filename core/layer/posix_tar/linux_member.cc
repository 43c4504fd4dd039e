#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/layer/backup_stream/file_info.h"
#include "core/layer/backup_stream/linux_file.h"
#include "core/layer/backup_stream/little_endian.h"
#include "core/layer/ea_data.h"
#include "core/layer/layer_tar/tar_keys.h"
#include "core/layer/posix_tar/linux_metadata.h"
#include "core/layer/reparse_buffer.h"
#include "core/layer/windows_tar/tar_metadata.h"

namespace hcs::layer {
namespace {

// Bits that Linux has no need of: every new file of Windows is to be archived, and holes
// become zeros.
constexpr uint32_t kPassingAttributes = kAttributeNormal | kAttributeArchive | kAttributeSparseFile;

bool IsDirectory(const LayerEntry& entry) {
  return (entry.basic_info.FileAttributes & kAttributeDirectory) != 0;
}

// What of a member is known by the keys that are made here; all others are the original's.
bool IsOurKey(std::string_view key) {
  return key.starts_with(kLinuxAttributePrefix) || key.starts_with(kAttributePrefix) ||
         key.starts_with(kStreamPrefix) || key == kAttributesKey || key == kSecurityKey ||
         key == kMountPointKey || key == kCreationKey;
}

class Making {
 public:
  Making(const LayerEntry& entry, const MetadataStreams& streams) : entry_(entry), rest_(streams) {}

  absl::StatusOr<std::optional<TarEntry>> Make() {
    absl::Status status = TakeReparsePoint();
    if (status.ok()) status = TakeAttributes();
    if (status.ok()) status = CheckType();
    if (!status.ok()) return status;
    if (type_bits_ == kLinuxSocket) return std::nullopt;
    // What Windows has besides.
    absl::StatusOr<TarEntry> windows = MakeTarMember(entry_, rest_, nullptr);
    if (!windows.ok()) return windows.status();
    member_.size = windows->size;
    member_.modified = windows->modified;
    for (PaxRecord& record : windows->records) {
      if (record.key == kCreationKey) continue;
      if (record.key == kAttributesKey && !AttributesMatter()) continue;
      member_.records.push_back(std::move(record));
    }
    return std::move(member_);
  }

 private:
  absl::Status TakeReparsePoint() {
    member_.type = IsDirectory(entry_) ? TarType::kDirectory : TarType::kFile;
    type_bits_ = IsDirectory(entry_) ? kLinuxDirectory : kLinuxFile;
    const auto stream = rest_.find(BackupStreamId::kReparseData);
    if (stream == rest_.end()) return absl::OkStatus();
    absl::StatusOr<ReparsePoint> point = ParseReparseBuffer(stream->second);
    if (!point.ok()) return point.status();
    const auto* raw = std::get_if<RawReparse>(&*point);
    if (raw == nullptr || !TakeSpecial(*raw)) {
      member_.records.push_back(WholeStreamRecord(stream->first, stream->second));
    } else if (entry_.size != 0 || IsDirectory(entry_)) {
      return absl::InvalidArgumentError(
          "must be no directory and have no content, since it is a link, device or pipe of Linux");
    }
    rest_.erase(stream);
    return absl::OkStatus();
  }

  // False: it is none of Linux' own.
  bool TakeSpecial(const RawReparse& point) {
    switch (point.tag) {
      case kLinuxSymbolicLinkTag: return TakeSymbolicLink(point.data);
      case kLinuxCharacterDeviceTag: return Take(TarType::kCharacterDevice, kLinuxCharacterDevice);
      case kLinuxBlockDeviceTag: return Take(TarType::kBlockDevice, kLinuxBlockDevice);
      case kLinuxFifoTag: return Take(TarType::kFifo, kLinuxFifo);
      case kLinuxSocketTag: return Take(TarType::kFile, kLinuxSocket);
      default: return false;
    }
  }

  bool Take(TarType type, uint32_t bits) {
    member_.type = type;
    type_bits_ = bits;
    return true;
  }

  bool TakeSymbolicLink(std::string_view data) {
    constexpr size_t kVersionBytes = 4;
    if (data.size() <= kVersionBytes) return false;
    if (LoadLittleEndian<uint32_t>(data, 0) != kLinuxSymbolicLinkVersion) return false;
    data.remove_prefix(kVersionBytes);
    if (data.find('\0') != std::string_view::npos) return false;
    member_.link_name = data;
    return Take(TarType::kSymbolicLink, kLinuxSymbolicLink);
  }

  // Linux' attributes are the member's fields and records; Windows' own stay.
  absl::Status TakeAttributes() {
    const auto stream = rest_.find(BackupStreamId::kEaData);
    if (stream == rest_.end()) return absl::OkStatus();
    const absl::StatusOr<std::vector<ExtendedAttribute>> attributes = ParseEaData(stream->second);
    if (!attributes.ok()) return attributes.status();
    std::vector<ExtendedAttribute> others;
    std::set<std::string_view> names;
    for (const ExtendedAttribute& attribute : *attributes) {
      // Flags and doubles have no record that could say them.
      if (attribute.flags != 0 || !names.insert(attribute.name).second) needs_whole_ = true;
      const absl::StatusOr<bool> taken = TakeAttribute(attribute);
      if (!taken.ok()) return taken.status();
      if (!*taken) others.push_back(attribute);
    }
    if (needs_whole_) {
      member_.records.push_back(WholeStreamRecord(stream->first, stream->second));
      others.clear();
    }
    if (others.empty()) {
      rest_.erase(stream);
      return absl::OkStatus();
    }
    absl::StatusOr<std::string> data = BuildEaData(others);
    if (!data.ok()) return data.status();
    stream->second = *std::move(data);
    return absl::OkStatus();
  }

  // False: it is none of Linux'.
  absl::StatusOr<bool> TakeAttribute(const ExtendedAttribute& attribute) {
    if (attribute.name == kLinuxUserName) return TakeNumber(attribute, &user_);
    if (attribute.name == kLinuxGroupName) return TakeNumber(attribute, &group_);
    if (attribute.name == kLinuxModeName) return TakeNumber(attribute, &mode_);
    if (attribute.name == kLinuxDeviceName) {
      if (attribute.value.size() != 8) return BrokenSize(attribute, 8);
      member_.device_major = LoadLittleEndian<uint32_t>(attribute.value, 0);
      member_.device_minor = LoadLittleEndian<uint32_t>(attribute.value, 4);
      has_device_ = true;
      return true;
    }
    const std::optional<std::string> name = LinuxAttributeOf(attribute.name);
    if (!name || !attribute.value.starts_with(kLinuxAttributeMagic)) return false;
    if (name->find('=') != std::string::npos) {
      needs_whole_ = true;
      return true;
    }
    member_.records.push_back(
        {kLinuxAttributePrefix + *name, attribute.value.substr(kLinuxAttributeMagic.size())});
    return true;
  }

  static absl::Status BrokenSize(const ExtendedAttribute& attribute, int bytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("its extended attribute ", attribute.name, " must have ", bytes, " bytes"));
  }

  static absl::StatusOr<bool> TakeNumber(const ExtendedAttribute& attribute,
                                         std::optional<uint32_t>* number) {
    if (attribute.value.size() != 4) return BrokenSize(attribute, 4);
    *number = LoadLittleEndian<uint32_t>(attribute.value, 0);
    return true;
  }

  absl::Status CheckType() {
    if (mode_ && (*mode_ & kLinuxTypeMask) != type_bits_) {
      return absl::InvalidArgumentError(
          "its extended attribute $LXMOD must be of the type that the file is of");
    }
    const bool device =
        member_.type == TarType::kCharacterDevice || member_.type == TarType::kBlockDevice;
    if (device != has_device_) {
      return absl::InvalidArgumentError(
          "must have the extended attribute $LXDEV if it is a device, and only then");
    }
    member_.uid = user_.value_or(0);
    member_.gid = group_.value_or(0);
    member_.mode = mode_ ? *mode_ & kLinuxPermissions : UsualMode();
    return absl::OkStatus();
  }

  uint32_t UsualMode() const {
    if (member_.type == TarType::kSymbolicLink) return 0777;
    return member_.type == TarType::kDirectory ? 0755 : 0644;
  }

  bool AttributesMatter() const {
    uint32_t usual = 0;
    if (type_bits_ == kLinuxDirectory) usual = kAttributeDirectory;
    const bool special = type_bits_ != kLinuxDirectory && type_bits_ != kLinuxFile;
    if (special) usual = kAttributeReparsePoint;
    return (entry_.basic_info.FileAttributes & ~kPassingAttributes) != usual;
  }

  const LayerEntry& entry_;
  MetadataStreams rest_;
  TarEntry member_;
  uint32_t type_bits_ = kLinuxFile;
  std::optional<uint32_t> user_;
  std::optional<uint32_t> group_;
  std::optional<uint32_t> mode_;
  bool has_device_ = false;
  bool needs_whole_ = false;
};

bool SameTime(const UnixTime& time, int64_t file_time) { return ToFileTime(time) == file_time; }

// The original's records in its order, those that are made here as they are now.
std::vector<PaxRecord> Merged(std::vector<PaxRecord> made, const TarEntry& original) {
  std::vector<PaxRecord> merged;
  for (const PaxRecord& record : original.records) {
    const auto now = std::ranges::find(made, record.key, &PaxRecord::key);
    if (now != made.end()) {
      merged.push_back(std::move(*now));
      made.erase(now);
    } else if (!IsOurKey(record.key) || record.key == kCreationKey) {
      merged.push_back(record);
    }
  }
  for (PaxRecord& record : made) merged.push_back(std::move(record));
  return merged;
}

// What the entry cannot say, of the original that it was read of.
void TakeOriginal(const LayerEntry& entry, const TarEntry& original, TarEntry* member) {
  member->user = original.user;
  member->group = original.group;
  member->accessed = original.accessed;
  member->changed = original.changed;
  if (SameTime(original.modified, entry.basic_info.LastWriteTime)) {
    member->modified = original.modified;
  }
  if ((original.mode & kLinuxPermissions) == member->mode) member->mode = original.mode;
  member->records = Merged(std::move(member->records), original);
}

}  // namespace

absl::StatusOr<std::optional<TarEntry>> MakeLinuxMember(const LayerEntry& entry,
                                                        const MetadataStreams& streams,
                                                        const TarEntry* original) {
  absl::StatusOr<std::optional<TarEntry>> member = Making(entry, streams).Make();
  if (!member.ok() || !*member) return member;
  if (original != nullptr) TakeOriginal(entry, *original, &**member);
  return member;
}

}  // namespace hcs::layer
