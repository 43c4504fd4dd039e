// What a layer's files have that Linux' have not: two files in the layer's folder,
// written while the layer is made, never changed afterwards.
//
//   metadata   a record for each entry, in the order in which they came
//   streams    the bytes of their backup streams, but for the content of files: that is
//              in the files themselves
//
// So a file that has not been changed since has the backup stream that it came with,
// byte for byte, whatever the file system can hold.

#ifndef HCS_CORE_EMULATOR_LAYERS_LAYER_METADATA_H_
#define HCS_CORE_EMULATOR_LAYERS_LAYER_METADATA_H_

#include <sys/stat.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/abi/vmcompute.h"
#include "core/emulator/outcome.h"
#include "core/platform/unique_fd.h"

namespace hcs::emulator {

// A part of a backup stream.
struct StreamPiece {
  enum class Kind : uint8_t {
    kMetadata = 0,       // In `streams`: all that is none of the others.
    kContentHeader = 1,  // In `streams`: the header of the data stream or a sparse block.
    kContent = 2,        // In the file itself.
    kAttributes = 3,     // In `streams`: extended attributes, header included.
    kReparse = 4,        // In `streams`: the reparse point, header included.
  };
  Kind kind = Kind::kMetadata;
  uint64_t offset = 0;
  uint64_t length = 0;
};

struct LayerRecord {
  enum class Kind : uint8_t {
    kEntry = 0,      // A file or directory.
    kTombstone = 1,  // Hides what the parents have.
    kImplicit = 2,   // Is on disk for the sake of others, and is no entry of the layer.
  };
  Kind kind = Kind::kEntry;
  bool case_sensitive = false;  // Of a folder: names in it may differ in case alone.
  std::u16string name;          // As it came, with the leading `\`.
  std::string disk_path;        // Relative to the layer's folder.
  abi::FILE_BASIC_INFO info = {};
  int64_t size = 0;  // Of the file's content.
  std::vector<StreamPiece> pieces;
};

// Not thread-safe. After a failure every further call fails.
class MetadataWriter {
 public:
  // In `folder`, the descriptor of a layer that is being made.
  static Outcome<MetadataWriter> Create(int folder);

  // Appends to `streams` and to the pieces.
  Status AppendBytes(StreamPiece::Kind kind, std::string_view bytes,
                     std::vector<StreamPiece>* pieces);
  Status Append(const LayerRecord& record);
  Status Flush();

 private:
  struct Buffered {
    platform::UniqueFd file;
    std::string buffer;
    uint64_t size = 0;  // With what is still in the buffer.
    Status Write(std::string_view bytes);
    Status Flush();
  };

  Buffered metadata_;
  Buffered streams_;
};

// Reads the records in order. Not thread-safe.
class MetadataReader {
 public:
  // Nothing when the layer has no metadata: it was not imported.
  static Outcome<std::optional<MetadataReader>> Open(const std::string& layer);

  // The next one; nothing at the end. VMCOMPUTE_INVALID_LAYER when it is broken.
  Outcome<std::optional<LayerRecord>> Next();

  // Where the record that Next gives next begins; and to go there, for one record.
  uint64_t position() const { return position_; }
  void Seek(uint64_t position);

  // The descriptor of `streams`.
  int streams() const { return streams_.get(); }

 private:
  MetadataReader();

  Status Fill(size_t bytes);
  Outcome<std::string_view> Take(size_t bytes);

  platform::UniqueFd metadata_;
  platform::UniqueFd streams_;
  uint64_t position_ = 0;
  std::string buffer_;
  size_t used_ = 0;
  size_t read_ahead_;
};

// The records of a layer by their paths on disk. Not thread-safe. Memory: some bytes for
// each.
class MetadataIndex {
 public:
  // Reads all of them. Nothing when the layer has no metadata.
  static Outcome<std::optional<MetadataIndex>> Open(const std::string& layer);

  // Of the entry at a path; nothing when there is none.
  Outcome<std::optional<LayerRecord>> Find(const std::string& disk_path);

  // Of the entry whose file is `file`, under whatever name: hard links are made without the
  // metadata's knowing. The first call looks at all files of more than one name.
  Outcome<std::optional<LayerRecord>> FindFile(const struct stat& file);

  int streams() const { return reader_.streams(); }

 private:
  MetadataIndex(MetadataReader reader, platform::UniqueFd root)
      : reader_(std::move(reader)), root_(std::move(root)) {}

  Status ReadLinkedFiles();
  Outcome<std::optional<LayerRecord>> At(uint64_t position);

  MetadataReader reader_;
  platform::UniqueFd root_;
  std::unordered_map<uint64_t, uint64_t> positions_;  // By a hash of the path.
  // By the number of the file.
  std::optional<std::unordered_map<uint64_t, uint64_t>> linked_;
};

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_LAYERS_LAYER_METADATA_H_
