// What one attached client has not been given yet.

#ifndef HCS_CORE_RUNTIME_OUTPUT_QUEUE_H_
#define HCS_CORE_RUNTIME_OUTPUT_QUEUE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "core/runtime/output_chunk.h"
#include "core/runtime/process_session.h"

namespace hcs::runtime {

// The hub pushes on its I/O thread, the client pulls on any. Chunks are shared
// with the hub, which bounds how many there are. Thread-safe.
class OutputQueue {
 public:
  using Message = ProcessSession::Message;
  using Next = ProcessSession::Next;

  // `wake` is as in NewProcessSession.
  explicit OutputQueue(absl::AnyInvocable<void()> wake);

  // Runs `taken`, on the puller's thread, whenever a chunk has been delivered.
  // Set before the first Pull.
  void OnTaken(absl::AnyInvocable<void()> taken);

  void Push(Message message);
  // After what is queued, the client gets End{status}. The first call counts.
  void Finish(absl::Status status);

  // Tells the client, in the place of what was dropped, that `bytes` of
  // `stream` were.
  void PushDropped(OutputStream stream, uint64_t bytes);
  // Drops the queued chunks of `stream` that end at or before `offset`, and
  // tells the client.
  void DropBefore(OutputStream stream, uint64_t offset);

  // The end of what has been delivered of `stream`, 0 when nothing was.
  uint64_t taken(OutputStream stream) const;
  // Bytes of `stream` that were pushed and not delivered.
  size_t waiting(OutputStream stream) const;

  std::optional<Next> Pull();

  // The client is gone: nothing is kept or woken any more.
  void Close();

 private:
  using Wake = absl::AnyInvocable<void()>;

  // What to run, outside the lock, once a message is there; null when nobody
  // waits.
  std::shared_ptr<Wake> Unpark() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Counts the chunk in hand as delivered; false when there was none.
  bool TakeInHand() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable absl::Mutex mutex_;
  std::shared_ptr<Wake> wake_ ABSL_GUARDED_BY(mutex_);
  absl::AnyInvocable<void()> on_taken_;
  std::deque<Message> messages_ ABSL_GUARDED_BY(mutex_);
  std::optional<absl::Status> end_ ABSL_GUARDED_BY(mutex_);
  // The chunk that was pulled last and may not have been delivered yet.
  std::optional<OutputChunk> in_hand_ ABSL_GUARDED_BY(mutex_);
  std::array<uint64_t, 2> taken_ ABSL_GUARDED_BY(mutex_) = {0, 0};
  std::array<size_t, 2> waiting_ ABSL_GUARDED_BY(mutex_) = {0, 0};
  bool parked_ ABSL_GUARDED_BY(mutex_) = false;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_OUTPUT_QUEUE_H_
