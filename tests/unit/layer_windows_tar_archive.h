// Layers in memory, to and from a Windows layer's tar.

#ifndef HCS_TESTS_UNIT_LAYER_WINDOWS_TAR_ARCHIVE_H_
#define HCS_TESTS_UNIT_LAYER_WINDOWS_TAR_ARCHIVE_H_

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "core/layer/backup_stream/file_info.h"
#include "core/layer/backup_stream/stream_header.h"
#include "core/layer/windows_tar/windows_tar_reader.h"
#include "core/layer/windows_tar/windows_tar_writer.h"
#include "tests/unit/layer_tar_items.h"

namespace hcs::layer {

struct LayerItem {
  LayerEntry entry;
  TarExtras extras;
  std::string stream;
};

struct ReadLayer {
  std::vector<LayerItem> items;
  absl::Status error;
};

// In pieces of `piece` bytes.
inline ReadLayer ReadWindowsTar(std::string_view bytes, size_t piece,
                                const LayerTarOptions& options = {}) {
  WindowsTarReader reader(options);
  return ReadItems<ReadLayer>(reader, bytes, piece, [&] {
    return LayerItem{reader.entry(), reader.extras(), ""};
  });
}

inline WrittenTar WriteWindowsTar(const std::vector<LayerItem>& items, size_t piece,
                                  bool with_extras) {
  return WriteItems<WindowsTarWriter>(
      items, piece, [&](WindowsTarWriter& writer, const LayerItem& item) {
        return with_extras ? writer.Add(item.entry, item.extras) : writer.Add(item.entry);
      });
}

inline bool SameItems(const std::vector<LayerItem>& a, const std::vector<LayerItem>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
    return x.entry.kind == y.entry.kind && x.entry.name == y.entry.name &&
           x.entry.link_target == y.entry.link_target && x.entry.size == y.entry.size &&
           std::memcmp(&x.entry.basic_info, &y.entry.basic_info, sizeof(abi::FILE_BASIC_INFO)) ==
               0 &&
           x.stream == y.stream;
  });
}

// One stream of a backup stream, as it is encoded.
inline std::string Stream(BackupStreamId id, std::string_view data, std::u16string name = {},
                          uint32_t attributes = 0, uint64_t sparse_offset = 0) {
  BackupStreamHeader header;
  header.id = id;
  header.attributes = attributes;
  header.size = data.size();
  header.name = std::move(name);
  header.sparse_offset = sparse_offset;
  std::string bytes;
  const auto rule = AppendBackupStreamHeader(header, &bytes);
  return rule ? *rule : bytes.append(data);
}

inline LayerItem FileItem(std::string name, uint32_t attributes, int64_t size, std::string stream) {
  LayerItem item;
  item.entry.name = std::move(name);
  item.entry.size = size;
  // 100 ns units that no coarser unit holds, and one time before 1970.
  item.entry.basic_info = {131'000'000'000'000'001,
                           131'000'000'000'000'022,
                           100'000'000'000'000'003,
                           131'000'000'000'400'000,
                           attributes,
                           0};
  item.stream = std::move(stream);
  return item;
}

}  // namespace hcs::layer

#endif  // HCS_TESTS_UNIT_LAYER_WINDOWS_TAR_ARCHIVE_H_
