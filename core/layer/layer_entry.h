// A layer as a sequence of entries: the vocabulary that the transport folder, the
// tar codec and whoever copies between them share.

#ifndef HCS_CORE_LAYER_LAYER_ENTRY_H_
#define HCS_CORE_LAYER_LAYER_ENTRY_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/abi/vmcompute.h"

namespace hcs::layer {

// One entry. Names are relative to the layer ("Files\Windows\win.ini"), as
// layer_name.h allows them: UTF-8, components separated by '\', no leading one.
struct LayerEntry {
  enum class Kind {
    kFile,     // A file or directory, with its metadata; its backup stream follows.
    kLink,     // Another name of `link_target`, which is in this layer or in a parent.
    kRemoved,  // Hides what the parents have under this name.
  };
  Kind kind = Kind::kFile;
  std::string name;
  std::string link_target;  // Of kLink alone.
  // Of kFile alone. kAttributeDirectory (file_info.h) tells a directory.
  abi::FILE_BASIC_INFO basic_info = {};
  // Of kFile alone: bytes of the content, holes counted; 0 for a directory. The
  // backup stream that follows has metadata besides.
  int64_t size = 0;
};

// Gives a layer's entries, parents before their children. One thread at a time.
// After an error every further call gives it again. INVALID_ARGUMENT means that what
// is read is no layer, and says where and which rule it breaks.
class LayerReader {
 public:
  virtual ~LayerReader() = default;

  // The next entry, or false when there are no more. What is left of the entry
  // before it is passed over.
  virtual absl::StatusOr<bool> Next(LayerEntry* entry) = 0;

  // The next piece of the entry's backup stream, in this reader's own memory until
  // the next call; empty at its end, and for an entry that is no file.
  virtual absl::StatusOr<std::string_view> Read() = 0;
};

// Takes a layer's entries. One thread at a time. After an error nothing but
// destruction makes sense: every further call gives the error again. A writer that
// is destroyed without Commit leaves nothing of the layer behind.
class LayerWriter {
 public:
  virtual ~LayerWriter() = default;

  // Begins an entry, and ends the one before. What is removed may be added after that:
  // a directory then hides all that the parents have in it. INVALID_ARGUMENT, with the
  // name and the rule: a name that layer_name.h refuses, that is there already (in
  // whatever case, but in a Linux layer), or whose parent is not; a link whose target is
  // not, or is no file.
  virtual absl::Status Add(const LayerEntry& entry) = 0;

  // The next piece, of any size, of the backup stream of the file that was added
  // last. A stream that is broken, or that ends too early when its entry ends, is
  // INVALID_ARGUMENT, with the entry's name and the byte.
  virtual absl::Status Write(std::string_view piece) = 0;

  // Ends the last entry and makes the layer whole. Once.
  virtual absl::Status Commit() = 0;
};

// Copies entries, a little at a time. Neither is committed nor destroyed. Memory is
// constant. Not thread-safe.
class EntryCopy {
 public:
  // Both must outlive this.
  EntryCopy(LayerReader* from, LayerWriter* to) : from_(from), to_(to) {}

  // An entry, or one piece of a backup stream; false when there are no more.
  absl::StatusOr<bool> Step();

  // That were begun so far.
  uint64_t entries() const { return entries_; }

 private:
  LayerReader* const from_;
  LayerWriter* const to_;
  bool in_file_ = false;
  uint64_t entries_ = 0;
};

// Copies every entry.
absl::Status CopyEntries(LayerReader* from, LayerWriter* to);

}  // namespace hcs::layer

#endif  // HCS_CORE_LAYER_LAYER_ENTRY_H_
