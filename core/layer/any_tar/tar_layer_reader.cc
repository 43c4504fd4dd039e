#include "core/layer/any_tar/tar_layer_reader.h"

namespace hcs::layer {

absl::StatusOr<bool> TarLayerReader::Next(LayerEntry* entry) {
  for (;;) {
    const absl::StatusOr<LayerTarReader::Event> event = NextEvent();
    if (!event.ok()) return event.status();
    in_entry_ = *event == LayerTarReader::Event::kEntry;
    if (*event == LayerTarReader::Event::kEnd) return false;
    if (!in_entry_) continue;  // What is left of the entry before.
    *entry = tar_->entry();
    return true;
  }
}

absl::StatusOr<std::string_view> TarLayerReader::Read() {
  if (!failure_.ok()) return failure_;
  if (!in_entry_) return std::string_view();
  const absl::StatusOr<LayerTarReader::Event> event = NextEvent();
  if (!event.ok()) return event.status();
  in_entry_ = *event == LayerTarReader::Event::kStream;
  return in_entry_ ? tar_->stream() : std::string_view();
}

absl::StatusOr<LayerTarReader::Event> TarLayerReader::NextEvent() {
  while (failure_.ok()) {
    const LayerTarReader::Event event = tar_->Next();
    if (event == LayerTarReader::Event::kError) {
      failure_ = tar_->error();
    } else if (event == LayerTarReader::Event::kNeedInput) {
      failure_ = FeedTar();
    } else {
      return event;
    }
  }
  return failure_;
}

// More bytes, or that there are none.
absl::Status TarLayerReader::FeedTar() {
  for (;;) {
    switch (decompressor_.Next()) {
      case Decompressor::Event::kData: tar_->Feed(decompressor_.data()); return absl::OkStatus();
      case Decompressor::Event::kEnd: tar_->Finish(); return absl::OkStatus();
      case Decompressor::Event::kError: return decompressor_.error();
      case Decompressor::Event::kNeedInput: break;
    }
    const absl::StatusOr<std::string_view> piece = source_();
    if (!piece.ok()) return piece.status();
    if (piece->empty()) {
      decompressor_.Finish();
    } else {
      decompressor_.Feed(*piece);
    }
  }
}

}  // namespace hcs::layer
