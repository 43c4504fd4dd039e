// Layers in memory, to and from a Linux layer's tar.

#ifndef HCS_TESTS_UNIT_LAYER_POSIX_TAR_ARCHIVE_H_
#define HCS_TESTS_UNIT_LAYER_POSIX_TAR_ARCHIVE_H_

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "core/layer/posix_tar/posix_tar_reader.h"
#include "core/layer/posix_tar/posix_tar_writer.h"

namespace hcs::layer {

struct PosixItem {
  LayerEntry entry;
  TarEntry member;
  std::string stream;
};

struct ReadPosixLayer {
  std::vector<PosixItem> items;
  absl::Status error;
};

// In pieces of `piece` bytes.
inline ReadPosixLayer ReadPosixTar(std::string_view bytes, size_t piece,
                                   const LayerTarOptions& options = {}) {
  using Event = PosixTarReader::Event;
  PosixTarReader reader(options);
  ReadPosixLayer layer;
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
        if (open) layer.items.push_back({reader.entry(), reader.member(), ""});
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

struct WrittenPosixTar {
  std::string bytes;
  absl::Status error;
};

inline WrittenPosixTar WritePosixTar(const std::vector<PosixItem>& items, size_t piece,
                                     bool with_members) {
  WrittenPosixTar tar;
  PosixTarWriter writer([&](std::string_view bytes) {
    tar.bytes += bytes;
    return absl::OkStatus();
  });
  for (const PosixItem& item : items) {
    tar.error = with_members ? writer.Add(item.entry, item.member) : writer.Add(item.entry);
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

#endif  // HCS_TESTS_UNIT_LAYER_POSIX_TAR_ARCHIVE_H_
