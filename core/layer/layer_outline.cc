#include "core/layer/layer_outline.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "core/layer/backup_stream/file_info.h"
#include "core/layer/layer_name.h"

namespace hcs::layer {
namespace {

NameKind KindOf(const LayerEntry& entry) {
  if (entry.kind == LayerEntry::Kind::kRemoved) return NameKind::kRemoved;
  const uint32_t attributes = entry.basic_info.FileAttributes;
  if (entry.kind == LayerEntry::Kind::kLink || (attributes & kAttributeDirectory) == 0) {
    return NameKind::kFile;
  }
  const bool reparse = (attributes & kAttributeReparsePoint) != 0;
  return reparse ? NameKind::kReparseDirectory : NameKind::kDirectory;
}

bool BothBelow(const LayerEntry& entry, std::string_view folder) {
  return IsBelow(entry.name, folder) && IsBelow(entry.link_target, folder);
}

}  // namespace

absl::Status LayerOutline::Add(const LayerEntry& entry) {
  if (absl::Status status = CheckFolder(entry); !status.ok()) return status;
  if (entry.kind == LayerEntry::Kind::kLink) {
    if (absl::Status status = CheckLink(entry); !status.ok()) return status;
  }
  if (!names_.Insert(entry.name, KindOf(entry))) {
    return InvalidName(entry.name, TwiceRule(entry));
  }
  return absl::OkStatus();
}

std::string_view LayerOutline::TwiceRule(const LayerEntry& entry) const {
  const bool was_removed = names_.Find(entry.name) == NameKind::kRemoved;
  const bool is_removed = entry.kind == LayerEntry::Kind::kRemoved;
  if (was_removed) return "must not be removed twice";
  if (is_removed) return "must not be removed after it was added";
  return names_.name_case() == NameCase::kCounts
             ? "must not be there twice"
             : "must not be there twice, names without regard to case";
}

absl::Status LayerOutline::CheckFolder(const LayerEntry& entry) const {
  const std::string_view folder = ParentName(entry.name);
  if (folder.empty()) return absl::OkStatus();
  const NameKind kind = names_.Find(folder);
  if (kind == NameKind::kDirectory) return absl::OkStatus();
  if (kind != NameKind::kNone) return InvalidName(entry.name, "must be in a directory");
  const bool given = folder == "Files" || folder == "Hives";
  if (given || entry.kind == LayerEntry::Kind::kRemoved) return absl::OkStatus();
  return InvalidName(entry.name, "must come after its folder");
}

absl::Status LayerOutline::CheckLink(const LayerEntry& entry) const {
  if (!BothBelow(entry, "Files") && !BothBelow(entry, "UtilityVM\\Files")) {
    return InvalidName(entry.name, absl::StrCat("is an invalid hard link in the layer: ",
                                                "both ends must be below Files or below "
                                                "UtilityVM\\Files"));
  }
  const NameKind target = names_.Find(entry.link_target);
  if (target == NameKind::kFile) return absl::OkStatus();
  if (target != NameKind::kNone) {
    return InvalidName(entry.name,
                       "must be a hard link to a file, not to a directory or a removal");
  }
  if (has_parents_) return absl::OkStatus();
  return InvalidName(entry.name, absl::StrCat("must come after what it is a hard link to, ",
                                              QuotedName(entry.link_target)));
}

absl::Status LayerOutline::AddStream(std::string_view name, std::string_view stream) {
  // No name has a ':'.
  const std::string whole = std::string(name) + ":" + std::string(stream);
  if (names_.Insert(whole, NameKind::kFile)) return absl::OkStatus();
  return InvalidName(whole, "must not be there twice, names without regard to case");
}

}  // namespace hcs::layer
