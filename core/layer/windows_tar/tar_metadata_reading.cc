#include <charconv>
#include <optional>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "core/layer/backup_stream/file_info.h"
#include "core/layer/ea_data.h"
#include "core/layer/layer_tar/tar_keys.h"
#include "core/layer/reparse_buffer.h"
#include "core/layer/tar/pax_time.h"
#include "core/layer/windows_tar/link_target.h"
#include "core/layer/windows_tar/tar_metadata.h"

namespace hcs::layer {
namespace {

absl::Status Broken(std::string_view key, std::string_view rule) {
  return absl::InvalidArgumentError(
      absl::StrCat("PAX record ", std::string(key), " ", std::string(rule)));
}

absl::StatusOr<int64_t> FileTimeOf(std::string_view key, UnixTime time) {
  if (const std::optional<int64_t> file_time = ToFileTime(time)) return *file_time;
  return Broken(key, "is beyond the times of Windows");
}

absl::StatusOr<uint32_t> ParseDecimal(const PaxRecord& record) {
  uint32_t number = 0;
  const char* end = record.value.data() + record.value.size();
  const auto [last, error] = std::from_chars(record.value.data(), end, number);
  if (error != std::errc() || last != end) {
    return Broken(record.key, "must be a decimal number of 32 bits");
  }
  return number;
}

absl::StatusOr<std::string> ParseBase64(const PaxRecord& record) {
  std::string bytes;
  if (!absl::Base64Unescape(record.value, &bytes)) return Broken(record.key, "must be base64");
  return bytes;
}

class Reading {
 public:
  Reading(const TarEntry& member, bool is_file) : member_(member), is_file_(is_file) {}

  absl::StatusOr<TarMetadata> Read() {
    absl::Status status = ReadRecords();
    if (status.ok()) status = ReadTimes();
    if (status.ok()) status = MakeAttributes();
    if (status.ok()) status = MakeStreams();
    if (!status.ok()) return status;
    KeepExtras();
    return std::move(result_);
  }

 private:
  absl::Status ReadRecords() {
    for (const PaxRecord& record : member_.records) {
      const absl::StatusOr<bool> known = ReadRecord(record);
      if (!known.ok()) return known.status();
      if (!*known) result_.extras.records.push_back(record);
    }
    if (has_text_descriptor_ && !result_.streams.contains(BackupStreamId::kSecurityData)) {
      return Broken(kTextDescriptorKey, "without MSWINDOWS.rawsd (SDDL) is not supported");
    }
    return absl::OkStatus();
  }

  // False: the key is not known here.
  absl::StatusOr<bool> ReadRecord(const PaxRecord& record) {
    const std::string_view key = record.key;
    if (key == kAttributesKey) return Into(ParseDecimal(record), &attributes_);
    if (key == kCreationKey) return ReadCreation(record);
    // Links and removals have no streams of their own.
    if (!is_file_) return false;
    if (key == kMountPointKey) return Into(ParseDecimal(record), &mount_point_);
    if (key == kSecurityKey) return Stream(BackupStreamId::kSecurityData, record);
    if (key.starts_with(kAttributePrefix)) return ReadAttribute(record);
    if (key.starts_with(kStreamPrefix)) return ReadStream(record);
    if (key == kTextDescriptorKey) has_text_descriptor_ = true;
    return false;
  }

  template <typename T, typename Target>
  static absl::StatusOr<bool> Into(absl::StatusOr<T> value, Target* target) {
    if (!value.ok()) return value.status();
    *target = *std::move(value);
    return true;
  }

  absl::StatusOr<bool> Stream(BackupStreamId id, const PaxRecord& record) {
    // A whole stream of ours goes before the others' key for it.
    if (whole_streams_.contains(id)) return true;
    return Into(ParseBase64(record), &result_.streams[id]);
  }

  absl::StatusOr<bool> ReadStream(const PaxRecord& record) {
    PaxRecord number{record.key, record.key.substr(std::string_view(kStreamPrefix).size())};
    const absl::StatusOr<uint32_t> id = ParseDecimal(number);
    if (!id.ok()) return id.status();
    const auto stream = static_cast<BackupStreamId>(*id);
    if (*id == 0 || IsContent(stream)) return Broken(record.key, "must be of a metadata stream");
    return Into(ParseBase64(record), &whole_streams_[stream]);
  }

  absl::StatusOr<bool> ReadCreation(const PaxRecord& record) {
    const std::optional<UnixTime> time = ParsePaxTime(record.value);
    if (!time) return Broken(record.key, "must be decimal seconds");
    creation_ = *time;
    return true;
  }

  absl::StatusOr<bool> ReadAttribute(const PaxRecord& record) {
    absl::StatusOr<std::string> value = ParseBase64(record);
    if (!value.ok()) return value.status();
    std::string name = record.key.substr(std::string_view(kAttributePrefix).size());
    extended_.push_back({0, std::move(name), *std::move(value)});
    return true;
  }

  absl::Status ReadTimes() {
    abi::FILE_BASIC_INFO& info = result_.basic_info;
    const absl::StatusOr<int64_t> modified = FileTimeOf("mtime", member_.modified);
    if (!modified.ok()) return modified.status();
    // A link or removal without a time has tar's 0, that of 1970.
    const bool none = !is_file_ && member_.modified == UnixTime{};
    info.LastWriteTime = none ? 0 : *modified;
    struct Time {
      const char* key;
      const std::optional<UnixTime>& given;
      int64_t* time;
    };
    const Time times[] = {{"atime", member_.accessed, &info.LastAccessTime},
                          {"ctime", member_.changed, &info.ChangeTime},
                          {kCreationKey, creation_, &info.CreationTime}};
    for (const Time& time : times) {
      *time.time = is_file_ ? *modified : 0;
      if (!time.given) continue;
      const absl::StatusOr<int64_t> given = FileTimeOf(time.key, *time.given);
      if (!given.ok()) return given.status();
      *time.time = *given;
    }
    return absl::OkStatus();
  }

  absl::Status MakeAttributes() {
    uint32_t& attributes = result_.basic_info.FileAttributes;
    attributes = attributes_.value_or(0);
    const bool directory = (attributes & kAttributeDirectory) != 0;
    switch (member_.type) {
      case TarType::kDirectory: attributes |= kAttributeDirectory; break;
      case TarType::kSymbolicLink: attributes |= kAttributeReparsePoint; break;
      default:
        if (is_file_ && directory) {
          return Broken(kAttributesKey, "says that it is a directory, but its type is a file's");
        }
        if (is_file_ && !attributes_) attributes = kAttributeNormal;
    }
    return absl::OkStatus();
  }

  absl::Status MakeStreams() {
    if (!extended_.empty()) {
      absl::StatusOr<std::string> data = BuildEaData(extended_);
      if (!data.ok()) return data.status();
      result_.streams[BackupStreamId::kEaData] = *std::move(data);
    }
    if (member_.type == TarType::kSymbolicLink) {
      absl::StatusOr<std::string> buffer =
          ReparseBufferOf({member_.link_name, mount_point_.value_or(0) != 0});
      if (buffer.ok()) {
        result_.streams[BackupStreamId::kReparseData] = *std::move(buffer);
      } else if (!whole_streams_.contains(BackupStreamId::kReparseData)) {
        return buffer.status();
      }
    } else if (mount_point_) {
      return Broken(kMountPointKey, "must be on a symbolic link");
    }
    for (auto& [id, data] : whole_streams_) result_.streams[id] = std::move(data);
    return CheckStreams();
  }

  absl::Status CheckStreams() const {
    for (const auto& [id, data] : result_.streams) {
      if (data.size() > kMaxMetadataBytes) {
        return absl::InvalidArgumentError(absl::StrCat(
            "its metadata stream ", static_cast<uint32_t>(id), " has more than 1 MiB"));
      }
      absl::Status status;
      if (id == BackupStreamId::kReparseData) status = ParseReparseBuffer(data).status();
      if (id == BackupStreamId::kEaData) status = ParseEaData(data).status();
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }

  void KeepExtras() {
    TarExtras& extras = result_.extras;
    extras.mode = member_.mode;
    extras.uid = member_.uid;
    extras.gid = member_.gid;
    extras.user = member_.user;
    extras.group = member_.group;
    if (member_.type == TarType::kSymbolicLink) extras.link_name = member_.link_name;
  }

  const TarEntry& member_;
  const bool is_file_;
  TarMetadata result_;
  std::optional<uint32_t> attributes_;
  std::optional<uint32_t> mount_point_;
  std::optional<UnixTime> creation_;
  std::vector<ExtendedAttribute> extended_;
  MetadataStreams whole_streams_;
  bool has_text_descriptor_ = false;
};

}  // namespace

absl::StatusOr<TarMetadata> ReadTarMetadata(const TarEntry& member, bool is_file) {
  return Reading(member, is_file).Read();
}

}  // namespace hcs::layer
