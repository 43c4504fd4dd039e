#include "core/layer/posix_tar/posix_tar_writer.h"

#include "absl/hash/hash.h"
#include "core/layer/backup_stream/file_info.h"
#include "core/layer/layer_name.h"
#include "core/layer/posix_tar/linux_metadata.h"
#include "core/layer/posix_tar/linux_tar_name.h"

namespace hcs::layer {
namespace {

uint64_t HashOf(const std::string& name) { return absl::Hash<std::string>()(name); }

std::optional<TarEntry> Copied(const TarEntry* member) {
  return member == nullptr ? std::nullopt : std::optional<TarEntry>(*member);
}

bool IsDirectory(const LayerEntry& entry) {
  return entry.kind == LayerEntry::Kind::kFile &&
         (entry.basic_info.FileAttributes & kAttributeDirectory) != 0;
}

}  // namespace

absl::Status PosixTarWriter::AddEntry(const LayerEntry& entry, const TarEntry* original) {
  if (!failure().ok()) return failure();
  if (absl::Status status = EndEntry(); !status.ok()) return status;
  const bool removed = entry.kind == LayerEntry::Kind::kRemoved;
  absl::StatusOr<std::string> name = LinuxTarNameOf(entry.name, removed);
  if (!name.ok()) return name.status();
  const bool was_removed = outline_.Find(entry.name) == NameKind::kRemoved;
  if (absl::Status status = outline_.Add(entry); !status.ok()) return status;
  opaque_.reset();
  if (was_removed && IsDirectory(entry)) opaque_ = Removal{entry, std::nullopt};
  // The mark of an opaque directory says what its removal does.
  if (opaque_ && held_removal_ && held_removal_->entry.name == entry.name) {
    opaque_ = std::move(held_removal_);
    held_removal_.reset();
  }
  if (absl::Status status = WriteHeldRemoval(); !status.ok()) return status;
  if (removed) {
    held_removal_ = Removal{entry, Copied(original)};
    return absl::OkStatus();
  }
  tar_name_ = *std::move(name);
  original_ = Copied(original);
  return BeginEntry(entry);
}

absl::StatusOr<std::optional<TarEntry>> PosixTarWriter::MakeMember(const MetadataStreams& streams) {
  if (IsImplicitDirectory(entry())) return std::nullopt;
  absl::StatusOr<std::optional<TarEntry>> member =
      entry().kind == LayerEntry::Kind::kLink
          ? MakeHardLink()
          : MakeLinuxMember(entry(), streams, original_ ? &*original_ : nullptr);
  if (!member.ok() || !*member) return member;
  TarEntry& made = **member;
  made.name = tar_name_;
  if (made.type != TarType::kDirectory) {
    owners_[HashOf(entry().name)] = {made.mode, static_cast<uint32_t>(made.uid),
                                     static_cast<uint32_t>(made.gid), made.modified};
  }
  return member;
}

absl::StatusOr<std::optional<TarEntry>> PosixTarWriter::MakeHardLink() {
  const auto owner = owners_.find(HashOf(entry().link_target));
  const bool in_layer = outline_.Find(entry().link_target) != NameKind::kNone;
  // A link to what was left out is left out.
  if (in_layer && owner == owners_.end()) return std::nullopt;
  if (!in_layer && !original_) {
    return absl::InvalidArgumentError(
        "must come after what it is a hard link to, whose owner and mode it has");
  }
  absl::StatusOr<std::string> target = LinuxTarNameOf(entry().link_target, /*removed=*/false);
  if (!target.ok()) return target.status();
  TarEntry member = original_.value_or(TarEntry());
  if (!original_) {
    member.mode = owner->second.mode;
    member.uid = owner->second.user;
    member.gid = owner->second.group;
    member.modified = owner->second.modified;
  }
  member.type = TarType::kHardLink;
  member.link_name = *std::move(target);
  return member;
}

absl::Status PosixTarWriter::BeginAlternate(const BackupStreamHeader& /*header*/,
                                            const TarEntry& /*of_file*/) {
  return Invalid("has an alternate stream, which a Linux layer's tar cannot hold");
}

absl::Status PosixTarWriter::AfterEntry() {
  if (!opaque_) return absl::OkStatus();
  const Removal removal = *std::move(opaque_);
  opaque_.reset();
  return WriteRemoval(removal, OpaqueTarNameOf(tar_name_));
}

absl::Status PosixTarWriter::BeforeEnd() { return WriteHeldRemoval(); }

absl::Status PosixTarWriter::WriteHeldRemoval() {
  if (!held_removal_) return absl::OkStatus();
  const Removal removal = *std::move(held_removal_);
  held_removal_.reset();
  absl::StatusOr<std::string> name = LinuxTarNameOf(removal.entry.name, /*removed=*/true);
  if (!name.ok()) return name.status();
  return WriteRemoval(removal, *std::move(name));
}

absl::Status PosixTarWriter::WriteRemoval(const Removal& removal, std::string tar_name) {
  TarEntry member;
  member.mode = 0644;
  const int64_t time = removal.entry.basic_info.LastWriteTime;
  if (time != 0) member.modified = ToUnixTime(time);
  if (removal.original) member = *removal.original;
  member.type = TarType::kFile;
  member.size = 0;
  member.link_name.clear();
  member.name = std::move(tar_name);
  return BeginMember(member);
}

}  // namespace hcs::layer
