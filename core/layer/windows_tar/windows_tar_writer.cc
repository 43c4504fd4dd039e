#include "core/layer/windows_tar/windows_tar_writer.h"

#include <string_view>

#include "absl/strings/str_cat.h"
#include "core/layer/layer_name.h"
#include "core/layer/windows_tar/tar_name.h"
#include "core/platform/unicode.h"

namespace hcs::layer {
namespace {

// ":name:$DATA" -> "name"; nullopt for anything else.
std::optional<std::string> StreamName(std::u16string_view name) {
  constexpr std::u16string_view kType = u":$DATA";
  if (!name.starts_with(u':') || !name.ends_with(kType) || name.size() <= 1 + kType.size()) {
    return std::nullopt;
  }
  return platform::Utf16ToUtf8Strict(name.substr(1, name.size() - 1 - kType.size()));
}

}  // namespace

absl::Status WindowsTarWriter::AddMember(const LayerEntry& entry, const TarExtras* extras) {
  if (!failure().ok()) return failure();
  if (absl::Status status = EndEntry(); !status.ok()) return status;
  const bool removed = entry.kind == LayerEntry::Kind::kRemoved;
  absl::StatusOr<std::string> name = TarNameOf(entry.name, removed);
  if (!name.ok()) return name.status();
  if (absl::Status status = outline_.Add(entry); !status.ok()) return status;
  tar_name_ = *std::move(name);
  extras_.reset();
  if (extras != nullptr) extras_ = *extras;
  return BeginEntry(entry);
}

absl::StatusOr<std::optional<TarEntry>> WindowsTarWriter::MakeMember(
    const MetadataStreams& streams) {
  absl::StatusOr<TarEntry> member = MakeTarMember(entry(), streams, extras_ ? &*extras_ : nullptr);
  if (!member.ok()) return member.status();
  member->name = tar_name_;
  if (entry().kind == LayerEntry::Kind::kLink) {
    absl::StatusOr<std::string> target = TarNameOf(entry().link_target, /*removed=*/false);
    if (!target.ok()) return target.status();
    member->type = TarType::kHardLink;
    member->link_name = *std::move(target);
  }
  return *std::move(member);
}

absl::Status WindowsTarWriter::BeginAlternate(const BackupStreamHeader& header,
                                              const TarEntry& of_file) {
  const std::optional<std::string> stream = StreamName(header.name);
  if (!stream || stream->find_first_of(std::string_view("/\\:\0", 4)) != std::string::npos) {
    return Invalid("has an alternate stream whose name is not ':NAME:$DATA'");
  }
  if (absl::Status status = outline_.AddStream(entry().name, *stream); !status.ok()) return status;
  TarEntry member;
  member.name = absl::StrCat(tar_name_, ":", *stream);
  member.size = header.size;
  member.mode = 0644;
  member.modified = of_file.modified;
  member.accessed = of_file.accessed;
  member.changed = of_file.changed;
  return BeginMember(member);
}

}  // namespace hcs::layer
