#include "core/layer/layer_tar/layer_tar_reader.h"

namespace hcs::layer {

absl::StatusOr<LayerTarReader::Event> TakeEntries(LayerTarReader& from, LayerWriter& to,
                                                  uint64_t& entries) {
  for (;;) {
    const LayerTarReader::Event event = from.Next();
    absl::Status status;
    switch (event) {
      case LayerTarReader::Event::kNeedInput:
      case LayerTarReader::Event::kEnd: return event;
      case LayerTarReader::Event::kError: return from.error();
      case LayerTarReader::Event::kEntry:
        ++entries;
        status = to.Add(from.entry());
        break;
      case LayerTarReader::Event::kStream: status = to.Write(from.stream()); break;
      case LayerTarReader::Event::kEntryEnd: break;
    }
    if (!status.ok()) return status;
  }
}

}  // namespace hcs::layer
