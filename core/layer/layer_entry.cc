#include "core/layer/layer_entry.h"

namespace hcs::layer {

absl::StatusOr<bool> EntryCopy::Step() {
  if (in_file_) {
    const absl::StatusOr<std::string_view> piece = from_->Read();
    if (!piece.ok()) return piece.status();
    in_file_ = !piece->empty();
    if (in_file_) {
      absl::Status written = to_->Write(*piece);
      if (!written.ok()) return written;
      return true;
    }
  }
  LayerEntry entry;
  absl::StatusOr<bool> more = from_->Next(&entry);
  if (!more.ok() || !*more) return more;
  ++entries_;
  in_file_ = entry.kind == LayerEntry::Kind::kFile;
  absl::Status added = to_->Add(entry);
  if (!added.ok()) return added;
  return true;
}

absl::Status CopyEntries(LayerReader* from, LayerWriter* to) {
  EntryCopy copy(from, to);
  for (;;) {
    const absl::StatusOr<bool> more = copy.Step();
    if (!more.ok()) return more.status();
    if (!*more) return absl::OkStatus();
  }
}

}  // namespace hcs::layer
