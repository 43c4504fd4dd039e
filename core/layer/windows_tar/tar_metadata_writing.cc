#include <algorithm>
#include <optional>
#include <set>
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

void AddRecord(std::string key, std::string value, TarEntry* member) {
  member->records.push_back({std::move(key), std::move(value)});
}

void AddWholeStream(BackupStreamId id, const std::string& data, TarEntry* member) {
  member->records.push_back(WholeStreamRecord(id, data));
}

bool IsDirectory(const LayerEntry& entry) {
  return (entry.basic_info.FileAttributes & kAttributeDirectory) != 0;
}

// Of what is no file, a time of 0 is none.
void SetTimes(const LayerEntry& entry, TarEntry* member) {
  const abi::FILE_BASIC_INFO& info = entry.basic_info;
  const bool all = entry.kind == LayerEntry::Kind::kFile;
  if (all || info.LastWriteTime != 0) member->modified = ToUnixTime(info.LastWriteTime);
  if (all || info.LastAccessTime != 0) member->accessed = ToUnixTime(info.LastAccessTime);
  if (all || info.ChangeTime != 0) member->changed = ToUnixTime(info.ChangeTime);
  if (all || info.CreationTime != 0) {
    AddRecord(kCreationKey, FormatPaxTime(ToUnixTime(info.CreationTime)), member);
  }
}

// Each attribute under a key of its own, if that says all.
absl::Status AddExtendedAttributes(const std::string& data, TarEntry* member) {
  const absl::StatusOr<std::vector<ExtendedAttribute>> attributes = ParseEaData(data);
  if (!attributes.ok()) return attributes.status();
  std::vector<ExtendedAttribute> plain;
  std::set<std::string> names;
  for (const ExtendedAttribute& attribute : *attributes) {
    if (attribute.name.find('=') != std::string::npos) continue;
    if (!names.insert(attribute.name).second) continue;
    AddRecord(kAttributePrefix + attribute.name, absl::Base64Escape(attribute.value), member);
    plain.push_back({0, attribute.name, attribute.value});
  }
  const absl::StatusOr<std::string> again = BuildEaData(plain);
  if (!again.ok() || *again != data) AddWholeStream(BackupStreamId::kEaData, data, member);
  return absl::OkStatus();
}

// The spelling of `extras`, if it stands for the same.
LinkTarget Spelled(LinkTarget link, const TarExtras* extras) {
  if (extras == nullptr || extras->link_name.empty()) return link;
  const absl::StatusOr<std::string> buffer = ReparseBufferOf(link);
  const absl::StatusOr<std::string> other = ReparseBufferOf({extras->link_name, link.mount_point});
  if (buffer.ok() && other.ok() && *buffer == *other) link.target = extras->link_name;
  return link;
}

// A symbolic link if it is one, and has no content that a symbolic link cannot have.
absl::Status AddReparsePoint(const LayerEntry& entry, const std::string& data,
                             const TarExtras* extras, TarEntry* member) {
  if (absl::Status status = ParseReparseBuffer(data).status(); !status.ok()) return status;
  std::optional<LinkTarget> link = LinkTargetOf(data);
  if (!link || entry.size != 0) {
    AddWholeStream(BackupStreamId::kReparseData, data, member);
    return absl::OkStatus();
  }
  link = Spelled(*std::move(link), extras);
  member->type = TarType::kSymbolicLink;
  member->link_name = link->target;
  if (link->mount_point) AddRecord(kMountPointKey, "1", member);
  const absl::StatusOr<std::string> again = ReparseBufferOf(*link);
  if (!again.ok() || *again != data) AddWholeStream(BackupStreamId::kReparseData, data, member);
  return absl::OkStatus();
}

absl::Status AddStreams(const LayerEntry& entry, const MetadataStreams& streams,
                        const TarExtras* extras, TarEntry* member) {
  for (const auto& [id, data] : streams) {
    absl::Status status;
    if (id == BackupStreamId::kSecurityData) {
      AddRecord(kSecurityKey, absl::Base64Escape(data), member);
    } else if (id == BackupStreamId::kEaData) {
      status = AddExtendedAttributes(data, member);
    } else if (id == BackupStreamId::kReparseData) {
      status = AddReparsePoint(entry, data, extras, member);
    } else {
      AddWholeStream(id, data, member);
    }
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

void SetExtras(const TarExtras* extras, TarEntry* member) {
  if (extras == nullptr) {
    member->mode = member->type == TarType::kDirectory ? 0755 : 0644;
    return;
  }
  member->mode = extras->mode;
  member->uid = extras->uid;
  member->gid = extras->gid;
  member->user = extras->user;
  member->group = extras->group;
  for (const PaxRecord& record : extras->records) member->records.push_back(record);
}

}  // namespace

absl::StatusOr<TarEntry> MakeTarMember(const LayerEntry& entry, const MetadataStreams& streams,
                                       const TarExtras* extras) {
  TarEntry member;
  SetTimes(entry, &member);
  const uint32_t attributes = entry.basic_info.FileAttributes;
  const bool is_file = entry.kind == LayerEntry::Kind::kFile;
  if (is_file || attributes != 0) AddRecord(kAttributesKey, absl::StrCat(attributes), &member);
  if (is_file) {
    member.type = IsDirectory(entry) ? TarType::kDirectory : TarType::kFile;
    absl::Status status = AddStreams(entry, streams, extras, &member);
    if (!status.ok()) return status;
    if (member.type == TarType::kFile) member.size = static_cast<uint64_t>(entry.size);
  }
  SetExtras(extras, &member);
  return member;
}

}  // namespace hcs::layer
