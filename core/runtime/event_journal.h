// The bounded journal of events, and those who watch it.

#ifndef HCS_CORE_RUNTIME_EVENT_JOURNAL_H_
#define HCS_CORE_RUNTIME_EVENT_JOURNAL_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "hcs/v1/event_service.pb.h"

namespace hcs::runtime {

class SerialExecutor;
class EventJournal;

// One watcher: a place in the journal and a filter. It copies nothing: events
// are shared with the journal. Not thread-safe, but for `wake`.
class EventWatch {
 public:
  // The watch has told all that it was asked for (no_follow).
  struct CaughtUp {};
  using Next = std::variant<std::shared_ptr<const v1::Event>, v1::EventsLost, CaughtUp>;

  // Removes the watch; `wake` does not run after this returns, so it must not
  // be called from within `wake`.
  ~EventWatch();

  EventWatch(const EventWatch&) = delete;
  EventWatch& operator=(const EventWatch&) = delete;

  // The next matching event, or what was lost. When there is none, nullopt, and
  // `wake` runs once, on the journal's executor, when there may be.
  std::optional<Next> Pull();

 private:
  friend class EventJournal;
  struct State;
  explicit EventWatch(std::shared_ptr<State> state);

  std::shared_ptr<State> state_;
};

// Thread-safe. Appending costs the same however many watch.
class EventJournal {
 public:
  // The most that is kept, whatever the capacity; one event always is.
  static constexpr size_t kMostBytes = size_t{64} << 20;

  // Keeps the newest `capacity` events. `first_sequence`, at least 1, is the
  // sequence of the first event to be appended. `executor`, on which watchers are woken, must
  // outlive the journal.
  EventJournal(size_t capacity, uint64_t first_sequence, SerialExecutor& executor);
  ~EventJournal();

  // Sets the event's sequence, and its time unless it has one.
  void Append(v1::Event event);

  // INVALID_ARGUMENT: the filter names an unknown type (field, rule).
  absl::StatusOr<std::unique_ptr<EventWatch>> Watch(const v1::WatchEventsRequest& request,
                                                    absl::AnyInvocable<void()> wake);

  uint64_t last_sequence() const;
  int64_t watchers() const;

 private:
  friend class EventWatch;
  struct Core;

  std::shared_ptr<Core> core_;
};

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_EVENT_JOURNAL_H_
