// What every entry of a layer keeps, whoever read it.

#ifndef HCS_TESTS_FUZZ_LAYER_PROMISES_H_
#define HCS_TESTS_FUZZ_LAYER_PROMISES_H_

#include <string_view>

#include "core/layer/backup_stream/stream_reader.h"
#include "core/layer/layer_entry.h"
#include "core/layer/layer_name.h"
#include "tests/fuzz/target.h"

namespace hcs::fuzz {

inline void RequireBackupStream(std::string_view stream) {
  using Event = layer::BackupStreamReader::Event;
  layer::BackupStreamReader reader;
  reader.Feed(stream);
  for (;;) {
    const Event event = reader.Next();
    Require(event != Event::kError, "a file's backup stream is one");
    if (event == Event::kEnd) return;
    if (event == Event::kNeedInput) reader.Finish();
  }
}

inline void RequireEntry(const layer::LayerEntry& entry, std::string_view stream) {
  RequireOk(layer::CheckLayerName(entry.name), "names are a layer's");
  Require(entry.size >= 0, "sizes are not negative");
  if (entry.kind == layer::LayerEntry::Kind::kFile) {
    RequireBackupStream(stream);
  } else {
    Require(stream.empty(), "links and removals have no backup stream");
  }
  const bool link = entry.kind == layer::LayerEntry::Kind::kLink;
  Require(link == !entry.link_target.empty(), "links, and they alone, have a target");
}

}  // namespace hcs::fuzz

#endif  // HCS_TESTS_FUZZ_LAYER_PROMISES_H_
