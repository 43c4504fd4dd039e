// A layer's tar as entries: what the Windows layer's and the Linux layer's readers have in common.

#ifndef HCS_CORE_LAYER_LAYER_TAR_LAYER_TAR_READER_H_
#define HCS_CORE_LAYER_LAYER_TAR_LAYER_TAR_READER_H_

#include <cstdint>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/layer/layer_entry.h"
#include "core/layer/tar/tar_reader.h"

namespace hcs::layer {

struct LayerTarOptions {
  TarLimits limits;
  // Hard links may lead to what is not in the tar: it is for whoever applies the layer to
  // look for it in the parents.
  bool has_parents = true;
};

// A machine that is fed the tar (not compressed) and asked for events, as BackupStreamReader is;
// so a gRPC thread may drive it. Not thread-safe.
class LayerTarReader {
 public:
  enum class Event {
    kNeedInput,  // What was fed is used up: Feed more, or Finish.
    kEntry,      // An entry begins: entry().
    kStream,     // A piece of its backup stream, at least one byte: stream().
    kEntryEnd,   // Its backup stream is whole. Comes for every entry.
    kEnd,        // The layer is whole. Told again by every further call.
    kError,      // It is none: error(). Told again by every further call.
  };

  virtual ~LayerTarReader() = default;

  // Only when Next said kNeedInput, or at first. `piece` must stay where it is until
  // Next says kNeedInput again.
  virtual void Feed(std::string_view piece) = 0;
  // No more will be fed. Only when Next said kNeedInput, or at first.
  virtual void Finish() = 0;
  virtual Event Next() = 0;

  // From its kEntry until the next one. Times and attributes are set as the tar has them for
  // links and removals, too.
  virtual const LayerEntry& entry() const = 0;
  // After kStream, until the next call of Next.
  virtual std::string_view stream() const = 0;
  // After kError: INVALID_ARGUMENT.
  virtual const absl::Status& error() const = 0;
};

// Gives the writer, which is not committed, all that the reader tells: until the reader wants more
// input, or is at its end, which is returned. Each entry adds one to `entries`. Errors are the
// reader's and the writer's.
absl::StatusOr<LayerTarReader::Event> TakeEntries(LayerTarReader& from, LayerWriter& to,
                                                  uint64_t& entries);

}  // namespace hcs::layer

#endif  // HCS_CORE_LAYER_LAYER_TAR_LAYER_TAR_READER_H_
