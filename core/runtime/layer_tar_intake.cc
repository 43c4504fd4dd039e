#include "core/runtime/layer_tar_intake.h"

namespace hcs::runtime {

using layer::Decompressor;

absl::Status LayerTarIntake::Feed(std::string_view piece) {
  bytes_.Feed(piece);
  return Decompress();
}

absl::Status LayerTarIntake::Finish() {
  bytes_.Finish();
  if (absl::Status status = Decompress(); !status.ok()) return status;
  tar_->Finish();
  return ReadTar();
}

absl::Status LayerTarIntake::Decompress() {
  for (;;) {
    switch (bytes_.Next()) {
      case Decompressor::Event::kNeedInput:
      case Decompressor::Event::kEnd: return absl::OkStatus();
      case Decompressor::Event::kError: return bytes_.error();
      case Decompressor::Event::kData: tar_->Feed(bytes_.data());
    }
    if (absl::Status status = ReadTar(); !status.ok()) return status;
  }
}

absl::Status LayerTarIntake::ReadTar() {
  return layer::TakeEntries(*tar_, *to_, entries_).status();
}

}  // namespace hcs::runtime
