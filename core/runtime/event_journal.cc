#include "core/runtime/event_journal.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "core/document/invalid_field.h"
#include "core/image/digest.h"
#include "core/runtime/executor.h"
#include "core/runtime/layer_chain.h"
#include "core/runtime/layer_requests.h"
#include "core/runtime/timestamp.h"
#include "core/runtime/validation.h"
#include "core/runtime/wake_slot.h"

namespace hcs::runtime {
namespace {

using SharedEvent = std::shared_ptr<const v1::Event>;

// Events that a watcher takes from the journal at once, to take its lock less
// often.
constexpr size_t kBatch = 64;

// An EventFilter, ready for use.
class Filter {
 public:
  static absl::StatusOr<Filter> From(const v1::EventFilter& filter);

  bool Matches(const v1::Event& event) const {
    return (types_.empty() || types_.contains(event.type())) &&
           (container_ids_.empty() || container_ids_.contains(event.container_id())) &&
           (layer_keys_.empty() || layer_keys_.contains(LayerKey(event.layer_path()))) &&
           (image_ids_.empty() || image_ids_.contains(event.image_id())) &&
           (owner_.empty() || owner_ == event.owner());
  }

 private:
  absl::flat_hash_set<int> types_;
  absl::flat_hash_set<std::string> container_ids_;
  absl::flat_hash_set<std::string> layer_keys_;
  absl::flat_hash_set<std::string> image_ids_;
  std::string owner_;
};

absl::StatusOr<Filter> Filter::From(const v1::EventFilter& filter) {
  Filter made;
  for (int i = 0; i < filter.types_size(); ++i) {
    const int type = filter.types(i);
    if (type == v1::EVENT_TYPE_UNSPECIFIED || !v1::EventType_IsValid(type)) {
      return document::InvalidField(absl::StrCat("filter.types[", i, "]"),
                                    absl::StrCat("must be a known event type, is ", type));
    }
    made.types_.insert(type);
  }
  for (int i = 0; i < filter.container_ids_size(); ++i) {
    const std::string field = absl::StrCat("filter.container_ids[", i, "]");
    if (absl::Status status = CheckContainerId(field, filter.container_ids(i)); !status.ok()) {
      return status;
    }
    made.container_ids_.insert(filter.container_ids(i));
  }
  for (int i = 0; i < filter.layer_paths_size(); ++i) {
    const std::string field = absl::StrCat("filter.layer_paths[", i, "]");
    if (absl::Status status = CheckLayerPath(field, filter.layer_paths(i)); !status.ok()) {
      return status;
    }
    made.layer_keys_.insert(LayerKey(filter.layer_paths(i)));
  }
  for (int i = 0; i < filter.image_ids_size(); ++i) {
    if (!image::IsDigest(filter.image_ids(i))) {
      return document::InvalidField(absl::StrCat("filter.image_ids[", i, "]"),
                                    "must be \"sha256:\" and 64 hexadecimal digits");
    }
    made.image_ids_.insert(filter.image_ids(i));
  }
  made.owner_ = filter.owner();
  return made;
}

}  // namespace

// What of a watch outlives it: the journal may be about to wake it.
struct EventWatch::State {
  explicit State(absl::AnyInvocable<void()> wake_in) : wake(std::move(wake_in)) {}

  WakeSlot wake;

  // The rest is the watcher's own.
  std::shared_ptr<EventJournal::Core> journal;
  Filter filter;
  // The sequence that is to be taken from the journal next, and the last one
  // for a watch that does not follow.
  uint64_t next = 0;
  std::optional<uint64_t> last;
  // Taken from the journal, and how many of them have been passed on or over.
  std::vector<SharedEvent> batch;
  size_t passed = 0;
};

struct EventJournal::Core : std::enable_shared_from_this<Core> {
  using Watcher = std::shared_ptr<EventWatch::State>;

  Core(size_t capacity_in, uint64_t first_sequence, SerialExecutor& executor_in)
      : capacity(capacity_in), executor(executor_in), next(first_sequence) {}

  void Append(v1::Event event);
  void WakeParked();
  void Join(EventWatch::State& watch, uint64_t after_sequence, bool no_follow);
  void Leave(const Watcher& watch);
  // Gives `watch` the next events, or says which of them are no longer there.
  // With neither, the watch is parked if it follows.
  std::optional<v1::EventsLost> Take(const Watcher& watch);

  uint64_t First() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) { return next - events.size(); }

  const size_t capacity;
  SerialExecutor& executor;

  mutable absl::Mutex mutex;
  // The newest ones, with sequences without a gap, and the sequence after them.
  std::deque<SharedEvent> events ABSL_GUARDED_BY(mutex);
  size_t bytes ABSL_GUARDED_BY(mutex) = 0;
  uint64_t next ABSL_GUARDED_BY(mutex);
  int64_t watchers ABSL_GUARDED_BY(mutex) = 0;
  // Those that have been told that there is nothing.
  absl::flat_hash_set<Watcher> parked ABSL_GUARDED_BY(mutex);
  // A task that wakes them is on its way.
  bool waking ABSL_GUARDED_BY(mutex) = false;
};

void EventJournal::Core::Append(v1::Event event) {
  if (!event.has_time()) *event.mutable_time() = Now();
  auto shared = std::make_shared<v1::Event>(std::move(event));
  bool wake = false;
  {
    absl::MutexLock lock(&mutex);
    shared->set_sequence(next++);
    bytes += shared->SpaceUsedLong();
    events.push_back(std::move(shared));
    while (events.size() > capacity || (bytes > kMostBytes && events.size() > 1)) {
      bytes -= events.front()->SpaceUsedLong();
      events.pop_front();
    }
    if (!parked.empty()) wake = !std::exchange(waking, true);
  }
  if (wake) executor.Post([self = shared_from_this()] { self->WakeParked(); });
}

void EventJournal::Core::WakeParked() {
  absl::flat_hash_set<Watcher> woken;
  {
    absl::MutexLock lock(&mutex);
    waking = false;
    woken.swap(parked);
  }
  for (const Watcher& watch : woken) watch->wake.Wake();
}

void EventJournal::Core::Join(EventWatch::State& watch, uint64_t after_sequence, bool no_follow) {
  absl::MutexLock lock(&mutex);
  ++watchers;
  if (after_sequence == 0) {
    watch.next = next;
  } else if (after_sequence == 1 || after_sequence >= next) {
    watch.next = First();
  } else {
    watch.next = after_sequence + 1;
  }
  if (no_follow) watch.last = next - 1;
}

void EventJournal::Core::Leave(const Watcher& watch) {
  absl::MutexLock lock(&mutex);
  --watchers;
  parked.erase(watch);
}

std::optional<v1::EventsLost> EventJournal::Core::Take(const Watcher& watch) {
  absl::MutexLock lock(&mutex);
  const uint64_t end = watch->last ? *watch->last + 1 : next;
  if (watch->next < First() && watch->next < end) {
    v1::EventsLost lost;
    lost.set_from_sequence(watch->next);
    watch->next = std::min(First(), end);
    lost.set_to_sequence(watch->next - 1);
    return lost;
  }
  if (watch->next < end) {
    const auto from = events.begin() + static_cast<ptrdiff_t>(watch->next - First());
    const auto count = std::min<uint64_t>(kBatch, end - watch->next);
    watch->batch.assign(from, from + static_cast<ptrdiff_t>(count));
    watch->next += count;
  } else if (!watch->last) {
    parked.insert(watch);
  }
  return std::nullopt;
}

EventWatch::EventWatch(std::shared_ptr<State> state) : state_(std::move(state)) {}

EventWatch::~EventWatch() {
  state_->journal->Leave(state_);
  state_->wake.Close();
}

std::optional<EventWatch::Next> EventWatch::Pull() {
  State& state = *state_;
  while (true) {
    while (state.passed < state.batch.size()) {
      SharedEvent event = std::move(state.batch[state.passed++]);
      if (state.filter.Matches(*event)) return event;
    }
    state.batch.clear();
    state.passed = 0;
    if (std::optional<v1::EventsLost> lost = state.journal->Take(state_)) return *std::move(lost);
    if (!state.batch.empty()) continue;
    if (state.last) return CaughtUp();
    return std::nullopt;
  }
}

EventJournal::EventJournal(size_t capacity, uint64_t first_sequence, SerialExecutor& executor)
    : core_(std::make_shared<Core>(capacity, first_sequence, executor)) {}

EventJournal::~EventJournal() = default;

void EventJournal::Append(v1::Event event) { core_->Append(std::move(event)); }

absl::StatusOr<std::unique_ptr<EventWatch>> EventJournal::Watch(
    const v1::WatchEventsRequest& request, absl::AnyInvocable<void()> wake) {
  absl::StatusOr<Filter> filter = Filter::From(request.filter());
  if (!filter.ok()) return filter.status();
  auto state = std::make_shared<EventWatch::State>(std::move(wake));
  state->journal = core_;
  state->filter = *std::move(filter);
  core_->Join(*state, request.after_sequence(), request.no_follow());
  return std::unique_ptr<EventWatch>(new EventWatch(std::move(state)));
}

uint64_t EventJournal::last_sequence() const {
  absl::MutexLock lock(&core_->mutex);
  return core_->next - 1;
}

int64_t EventJournal::watchers() const {
  absl::MutexLock lock(&core_->mutex);
  return core_->watchers;
}

}  // namespace hcs::runtime
