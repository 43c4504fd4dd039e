// Entries in memory, to and from a layer's tar of either system, for the tests of both.

#ifndef HCS_TESTS_UNIT_LAYER_TAR_ITEMS_H_
#define HCS_TESTS_UNIT_LAYER_TAR_ITEMS_H_

#include <algorithm>
#include <string>
#include <string_view>

#include "core/layer/layer_tar/layer_tar_reader.h"
#include "core/layer/layer_tar/layer_tar_writer.h"

namespace hcs::layer {

// All that the reader tells when it is fed pieces of `piece` bytes; `item()` makes one of `Layer`'s
// items, without its stream, of the entry that has begun.
template <typename Layer, typename Item>
Layer ReadItems(LayerTarReader& reader, std::string_view bytes, size_t piece, Item item) {
  using Event = LayerTarReader::Event;
  Layer layer;
  bool open = false;
  for (;;) {
    const Event event = reader.Next();
    switch (event) {
      case Event::kNeedInput:
        if (bytes.empty()) {
          reader.Finish();
        } else {
          reader.Feed(bytes.substr(0, piece));
          bytes.remove_prefix(std::min(piece, bytes.size()));
        }
        break;
      case Event::kEntry:
      case Event::kEntryEnd:
        if (open == (event == Event::kEntry)) {
          layer.error = absl::InternalError("entries do not begin and end in turn");
          return layer;
        }
        open = !open;
        if (open) layer.items.push_back(item());
        break;
      case Event::kStream: layer.items.back().stream += reader.stream(); break;
      case Event::kEnd:
      case Event::kError:
        layer.error = reader.error();
        if (reader.Next() != event || reader.error() != layer.error) {
          layer.error = absl::InternalError("the end or error is not told again");
        }
        return layer;
    }
  }
}

struct WrittenTar {
  std::string bytes;
  absl::Status error;
};

// What a `Writer` makes of the items, their streams in pieces of `piece` bytes; `add(writer, item)`
// begins one.
template <typename Writer, typename Items, typename Add>
WrittenTar WriteItems(const Items& items, size_t piece, Add add) {
  WrittenTar tar;
  Writer writer([&](std::string_view bytes) {
    tar.bytes += bytes;
    return absl::OkStatus();
  });
  for (const auto& item : items) {
    tar.error = add(writer, item);
    std::string_view rest = item.stream;
    while (tar.error.ok() && !rest.empty()) {
      tar.error = writer.Write(rest.substr(0, piece));
      rest.remove_prefix(std::min(piece, rest.size()));
    }
    if (!tar.error.ok()) return tar;
  }
  tar.error = writer.Commit();
  return tar;
}

}  // namespace hcs::layer

#endif  // HCS_TESTS_UNIT_LAYER_TAR_ITEMS_H_
