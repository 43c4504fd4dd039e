#include "core/layer/posix_tar/linux_metadata.h"

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
#include "core/layer/reparse_buffer.h"
#include "core/layer/windows_tar/tar_metadata.h"

namespace hcs::layer {
namespace {

// A file of Linux that is neither file nor directory.
struct SpecialType {
  TarType type;
  uint32_t mode;
  uint32_t tag;
};
constexpr SpecialType kSpecialTypes[] = {
    {TarType::kSymbolicLink, kLinuxSymbolicLink, kLinuxSymbolicLinkTag},
    {TarType::kCharacterDevice, kLinuxCharacterDevice, kLinuxCharacterDeviceTag},
    {TarType::kBlockDevice, kLinuxBlockDevice, kLinuxBlockDeviceTag},
    {TarType::kFifo, kLinuxFifo, kLinuxFifoTag},
};

const SpecialType* SpecialTypeOf(TarType type) {
  for (const SpecialType& special : kSpecialTypes) {
    if (special.type == type) return &special;
  }
  return nullptr;
}

std::string Number(uint32_t number) {
  std::string bytes;
  AppendLittleEndian(number, &bytes);
  return bytes;
}

absl::StatusOr<std::string> NumberOf(const char* field, uint64_t number) {
  if (number <= UINT32_MAX) return Number(static_cast<uint32_t>(number));
  return absl::InvalidArgumentError(
      absl::StrCat("its ", field, ", ", number, ", must fit 32 bits"));
}

bool IsDevice(const TarEntry& member) {
  return member.type == TarType::kCharacterDevice || member.type == TarType::kBlockDevice;
}

uint32_t ModeOf(const TarEntry& member) {
  const SpecialType* special = SpecialTypeOf(member.type);
  uint32_t type = member.type == TarType::kDirectory ? kLinuxDirectory : kLinuxFile;
  if (special != nullptr) type = special->mode;
  return type | (member.mode & kLinuxPermissions);
}

absl::Status AddDevice(const TarEntry& member, std::vector<ExtendedAttribute>* attributes) {
  if (member.type == TarType::kCharacterDevice && member.device_major == 0 &&
      member.device_minor == 0) {
    return absl::InvalidArgumentError(
        "must not be the character device 0,0, which is overlayfs' own mark of a removal");
  }
  absl::StatusOr<std::string> value = NumberOf("device's major number", member.device_major);
  if (!value.ok()) return value.status();
  const absl::StatusOr<std::string> minor = NumberOf("device's minor number", member.device_minor);
  if (!minor.ok()) return minor.status();
  attributes->push_back({0, kLinuxDeviceName, *value + *minor});
  return absl::OkStatus();
}

// Owner, mode, device.
absl::Status AddNumbers(const TarEntry& member, std::vector<ExtendedAttribute>* attributes) {
  absl::StatusOr<std::string> user = NumberOf("uid", member.uid);
  if (!user.ok()) return user.status();
  absl::StatusOr<std::string> group = NumberOf("gid", member.gid);
  if (!group.ok()) return group.status();
  attributes->push_back({0, kLinuxUserName, *std::move(user)});
  attributes->push_back({0, kLinuxGroupName, *std::move(group)});
  attributes->push_back({0, kLinuxModeName, Number(ModeOf(member))});
  return IsDevice(member) ? AddDevice(member, attributes) : absl::OkStatus();
}

// Linux' own extended attributes.
absl::Status AddAttributes(const TarEntry& member, std::vector<ExtendedAttribute>* attributes) {
  for (const PaxRecord& record : member.records) {
    std::string_view name = record.key;
    if (!name.starts_with(kLinuxAttributePrefix)) continue;
    name.remove_prefix(std::string_view(kLinuxAttributePrefix).size());
    if (name.starts_with("trusted.overlay.") || name.starts_with("user.overlay.")) {
      return absl::InvalidArgumentError(
          absl::StrCat("PAX record ", record.key, " must not be overlayfs' own"));
    }
    attributes->push_back(
        {0, LinuxAttributeName(name), std::string(kLinuxAttributeMagic) + record.value});
  }
  return absl::OkStatus();
}

// `others` are those that were in the tar as Windows' own.
absl::StatusOr<std::string> MakeEaData(const TarEntry& member, const std::string& others) {
  std::vector<ExtendedAttribute> attributes;
  if (absl::Status status = AddNumbers(member, &attributes); !status.ok()) return status;
  if (absl::Status status = AddAttributes(member, &attributes); !status.ok()) return status;
  absl::StatusOr<std::vector<ExtendedAttribute>> parsed = ParseEaData(others);
  if (!parsed.ok()) return parsed.status();
  for (ExtendedAttribute& attribute : *parsed) attributes.push_back(std::move(attribute));
  return BuildEaData(attributes);
}

absl::StatusOr<std::string> MakeReparseData(const TarEntry& member, const SpecialType& special) {
  RawReparse point{special.tag, ""};
  if (member.type == TarType::kSymbolicLink) {
    point.data = Number(kLinuxSymbolicLinkVersion) + member.link_name;
  }
  return BuildReparseBuffer(point);
}

bool HasWholeStream(const TarEntry& member, BackupStreamId id) {
  return RecordOf(member.records, WholeStreamRecord(id, "").key).has_value();
}

}  // namespace

absl::StatusOr<LinuxMetadata> ReadLinuxMetadata(const TarEntry& member) {
  // What Windows has besides; to its codec, all but directories are files.
  TarEntry plain = member;
  if (plain.type != TarType::kDirectory) plain.type = TarType::kFile;
  absl::StatusOr<TarMetadata> windows = ReadTarMetadata(plain, /*is_file=*/true);
  if (!windows.ok()) return windows.status();
  LinuxMetadata metadata{windows->basic_info, std::move(windows->streams)};
  if (!HasWholeStream(member, BackupStreamId::kEaData)) {
    std::string& stream = metadata.streams[BackupStreamId::kEaData];
    absl::StatusOr<std::string> data = MakeEaData(member, stream);
    if (!data.ok()) return data.status();
    if (data->size() > kMaxMetadataBytes) {
      return absl::InvalidArgumentError("its extended attributes have more than 1 MiB");
    }
    stream = *std::move(data);
  }
  if (const SpecialType* special = SpecialTypeOf(member.type)) {
    uint32_t& attributes = metadata.basic_info.FileAttributes;
    attributes = (attributes & ~kAttributeNormal) | kAttributeReparsePoint;
    absl::StatusOr<std::string> data = MakeReparseData(member, *special);
    if (!data.ok()) return data.status();
    metadata.streams[BackupStreamId::kReparseData] = *std::move(data);
  }
  return metadata;
}

absl::StatusOr<abi::FILE_BASIC_INFO> ReadLinuxTimes(const TarEntry& member) {
  TarEntry plain = member;
  plain.type = TarType::kFile;
  plain.records.clear();
  const absl::StatusOr<TarMetadata> metadata = ReadTarMetadata(plain, /*is_file=*/false);
  if (!metadata.ok()) return metadata.status();
  return metadata->basic_info;
}

LinuxMetadata ImplicitDirectory() {
  TarEntry member;
  member.type = TarType::kDirectory;
  member.mode = 0755;
  std::vector<ExtendedAttribute> attributes;
  const absl::Status status = AddNumbers(member, &attributes);
  LinuxMetadata metadata;
  metadata.basic_info.FileAttributes = kAttributeDirectory;
  const absl::StatusOr<std::string> data = BuildEaData(attributes);
  if (status.ok() && data.ok()) metadata.streams[BackupStreamId::kEaData] = *data;
  return metadata;
}

bool IsImplicitDirectory(const LayerEntry& entry) {
  const abi::FILE_BASIC_INFO& info = entry.basic_info;
  return entry.kind == LayerEntry::Kind::kFile &&
         (info.FileAttributes & kAttributeDirectory) != 0 && info.CreationTime == 0 &&
         info.LastAccessTime == 0 && info.LastWriteTime == 0 && info.ChangeTime == 0;
}

}  // namespace hcs::layer
