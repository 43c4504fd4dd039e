#include "core/layer/layer_entry.h"

namespace hcs::layer {
namespace {

absl::Status CopyBackupStream(LayerReader* from, LayerWriter* to) {
  for (;;) {
    const absl::StatusOr<std::string_view> piece = from->Read();
    if (!piece.ok()) return piece.status();
    if (piece->empty()) return absl::OkStatus();
    if (absl::Status status = to->Write(*piece); !status.ok()) return status;
  }
}

}  // namespace

absl::Status CopyEntries(LayerReader* from, LayerWriter* to) {
  for (;;) {
    LayerEntry entry;
    const absl::StatusOr<bool> more = from->Next(&entry);
    if (!more.ok()) return more.status();
    if (!*more) return absl::OkStatus();
    if (absl::Status status = to->Add(entry); !status.ok()) return status;
    if (entry.kind != LayerEntry::Kind::kFile) continue;
    if (absl::Status status = CopyBackupStream(from, to); !status.ok()) return status;
  }
}

}  // namespace hcs::layer
