// One output stream of a process: from its pipe to every attached client.
//
// Lossless (BLOCK): bytes are peeked, delivered, and only then discarded from
// the pipe, so that a daemon that is killed loses none; the slowest client
// bounds what is read, and with no client nothing is read: then the process
// itself waits on its full pipe. The other policies empty the pipe at once and
// count what they drop.

#ifndef HCS_CORE_RUNTIME_OUTPUT_PUMP_H_
#define HCS_CORE_RUNTIME_OUTPUT_PUMP_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "core/platform/peeked_pipe.h"
#include "core/runtime/io_loop.h"
#include "core/runtime/output_chunk.h"
#include "core/runtime/output_queue.h"
#include "hcs/v1/process_service.pb.h"

namespace hcs::runtime {

// An I/O thread and what its pipes share.
struct IoShard {
  platform::PeekScratch scratch;
  IoLoop loop;  // Last: its thread, which uses the scratch, goes first.
};

// Used on its shard's loop only.
class OutputPump {
 public:
  // The largest piece that is delivered at once.
  static constexpr size_t kChunkBytes = size_t{256} << 10;
  // The most that is held in memory, per stream, however many clients there are.
  static constexpr size_t kWindowBytes = size_t{1} << 20;

  // An empty `pipe` is a stream that the process does not have. `on_ended` runs
  // on the loop whenever ended() becomes true.
  OutputPump(IoShard& shard, OutputStream stream, platform::UniqueFd pipe, v1::OutputPolicy policy,
             absl::AnyInvocable<void()> on_ended);

  // Starts delivering to `reader`: first what no client has taken yet.
  void Add(std::shared_ptr<OutputQueue> reader);
  void Remove(const OutputQueue* reader);

  // A reader has taken something.
  void OnTaken();

  // The process has exited: what it wrote is in the pipe, and the stream ends
  // with it, even if a descendant still holds the pipe open.
  void OnExited();

  // Everything has been handed to the readers. It becomes false again when they
  // all leave without having taken it.
  bool ended() const { return ended_; }

  uint64_t dropped_bytes() const { return dropped_bytes_; }

 private:
  struct Reader {
    std::shared_ptr<OutputQueue> queue;
    // Where it was let in.
    uint64_t start;
  };

  bool lossless() const { return policy_ == v1::OUTPUT_POLICY_BLOCK; }
  size_t WindowBytes() const { return window_.empty() ? 0 : read_ - window_.front().offset; }

  void Fill();
  // False when there was nothing to read for now, or ever.
  bool ReadChunk();
  void Deliver(const OutputChunk& chunk);
  void DeliverOrDrop(const OutputChunk& chunk);
  void DropOldest();
  void CountDropped(size_t bytes);
  void WaitOrEnd();
  void Wait();
  void ReleaseTaken();
  void End();

  IoShard& shard_;
  const OutputStream stream_;
  const v1::OutputPolicy policy_;
  platform::PeekedPipe pipe_;
  std::unique_ptr<ReadinessWatch> watch_;
  bool waiting_ = false;
  absl::AnyInvocable<void()> on_ended_;

  std::vector<Reader> readers_;
  // Chunks that some reader has not taken; offsets ascend without a gap.
  std::deque<OutputChunk> window_;
  // The end of what has been read, of what some client has taken, and of what
  // has been removed from the pipe.
  uint64_t read_ = 0;
  uint64_t taken_ = 0;
  uint64_t discarded_ = 0;
  uint64_t dropped_bytes_ = 0;
  // Of them, those that were dropped with no client there to be told.
  uint64_t untold_bytes_ = 0;
  bool exited_ = false;
  bool ended_ = false;
};

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_OUTPUT_PUMP_H_
