#include "core/runtime/layer_turns.h"

#include <algorithm>
#include <list>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"

namespace hcs::runtime {
namespace {

constexpr size_t kMostWaiting = 1024;

// An answer that leaves only at the caller's deadline is not heard: the caller's own
// gRPC has told it of the deadline by then, without a reason.
constexpr absl::Duration kLongestHeadStart = absl::Milliseconds(100);
constexpr int kHeadStartShare = 10;

absl::Time EndOfWait(absl::Time now, absl::Time deadline, absl::Duration longest) {
  const absl::Duration left = deadline - now;
  return std::min(now + longest, deadline - std::min(kLongestHeadStart, left / kHeadStartShare));
}

bool Exclude(const LayerClaim& one, const LayerClaim& other) {
  for (const LayerClaim::Key& key : one.keys) {
    for (const LayerClaim::Key& other_key : other.keys) {
      if ((key.exclusive || other_key.exclusive) && key.key == other_key.key) return true;
    }
  }
  return false;
}

}  // namespace

struct LayerTurns::Core : std::enable_shared_from_this<Core> {
  struct Entry {
    uint64_t number;
    LayerClaim claim;
    absl::Time since;
    // While it waits.
    Granted granted;
    std::shared_ptr<Cancellation> cancellation;
    std::unique_ptr<Timer> timer;
    bool waits = true;
  };
  using Entries = std::list<Entry>;

  explicit Core(IoLoop& timer_loop, absl::Duration longest)
      : timers(timer_loop), longest_wait(longest) {}

  // What an entry waits for: the first before it that excludes it.
  const Entry* Obstacle(const Entry& entry) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) {
    for (const Entry& earlier : entries) {
      if (&earlier == &entry) return nullptr;
      if (Exclude(earlier.claim, entry.claim)) return &earlier;
    }
    return nullptr;
  }

  // Takes the parts of one that no longer waits out of its entry.
  static Entry NoLongerWaiting(Entry& entry) {
    entry.waits = false;
    return {
        entry.number,           {},   {}, std::move(entry.granted), std::move(entry.cancellation),
        std::move(entry.timer), false};
  }

  // Those whose turn has come.
  std::vector<Entry> Due() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) {
    std::vector<Entry> due;
    for (Entry& entry : entries) {
      if (entry.waits && Obstacle(entry) == nullptr) due.push_back(NoLongerWaiting(entry));
    }
    return due;
  }

  Turn TurnOf(uint64_t number) { return Turn(shared_from_this(), number); }

  void Grant(std::vector<Entry> due) {
    for (Entry& entry : due) {
      Forget(&entry);
      std::move(entry.granted)(TurnOf(entry.number));
    }
  }

  // Neither its timer nor its cancellation is needed any more.
  static void Forget(Entry* entry) {
    entry->timer = nullptr;
    if (entry->cancellation != nullptr) entry->cancellation->OnCancel(nullptr);
  }

  // Ends the wait of one, if it still waits, with what `reason(obstacle)` says.
  template <typename Reason>
  void Refuse(uint64_t number, Reason reason) {
    std::vector<Entry> refused;
    std::vector<Entry> due;
    absl::Status status;
    {
      absl::MutexLock lock(&mutex);
      const auto found = Find(number);
      if (found == entries.end() || !found->waits) return;
      status = reason(*found, Obstacle(*found));
      refused.push_back(NoLongerWaiting(*found));
      entries.erase(found);
      --waiting;
      due = Due();
      waiting -= due.size();
    }
    refused.front().timer = nullptr;
    std::move(refused.front().granted)(std::move(status));
    Grant(std::move(due));
  }

  void GiveOn(uint64_t number) {
    std::vector<Entry> due;
    {
      absl::MutexLock lock(&mutex);
      entries.erase(Find(number));
      due = Due();
      waiting -= due.size();
    }
    Grant(std::move(due));
  }

  uint64_t NextNumber() {
    absl::MutexLock lock(&mutex);
    return ++last_number;
  }

  // Whether it has to wait; `granted` is taken only then.
  absl::StatusOr<bool> Enter(uint64_t number, LayerClaim claim, const CallContext& context,
                             Granted* granted) {
    const absl::Time now = absl::Now();
    absl::MutexLock lock(&mutex);
    if (stopped) return absl::UnavailableError("the daemon stops");
    Entry& entry = entries.emplace_back(Entry{number, std::move(claim), now});
    if (Obstacle(entry) == nullptr) {
      entry.waits = false;
      return false;
    }
    if (waiting >= kMostWaiting) {
      entries.pop_back();
      return absl::ResourceExhaustedError(
          absl::StrCat("too many operations on layers: ", kMostWaiting, " wait already"));
    }
    ++waiting;
    entry.granted = std::move(*granted);
    entry.cancellation = context.cancellation;
    const absl::Time end = EndOfWait(now, context.deadline, longest_wait);
    entry.timer =
        timers.After(std::max(end - now, absl::ZeroDuration()), [weak = weak_from_this(), number] {
          if (auto core = weak.lock()) core->Refuse(number, TooLate);
        });
    return true;
  }

  Entries::iterator Find(uint64_t number) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) {
    return std::find_if(entries.begin(), entries.end(),
                        [number](const Entry& entry) { return entry.number == number; });
  }

  static absl::Status Cancelled(const Entry& /*entry*/, const Entry* /*obstacle*/) {
    return absl::CancelledError("the caller stopped waiting");
  }

  static absl::Status TooLate(const Entry& entry, const Entry* obstacle) {
    std::string text = absl::StrCat("layer ", entry.claim.layer,
                                    " is busy: ", entry.claim.operation, " has not had its turn");
    if (obstacle != nullptr) {
      absl::StrAppend(
          &text, " after ", obstacle->claim.operation, " of layer ", obstacle->claim.layer,
          obstacle->waits ? ", which waits" : ", under way", " for ",
          absl::FormatDuration(absl::Trunc(absl::Now() - obstacle->since, absl::Milliseconds(1))));
    }
    return absl::DeadlineExceededError(text);
  }

  IoLoop& timers;
  const absl::Duration longest_wait;
  absl::Mutex mutex;
  Entries entries ABSL_GUARDED_BY(mutex);
  size_t waiting ABSL_GUARDED_BY(mutex) = 0;
  uint64_t last_number ABSL_GUARDED_BY(mutex) = 0;
  bool stopped ABSL_GUARDED_BY(mutex) = false;
};

LayerTurns::Turn::Turn(Turn&& other) noexcept
    : core_(std::move(other.core_)), number_(other.number_) {}

LayerTurns::Turn& LayerTurns::Turn::operator=(Turn&& other) noexcept {
  std::swap(core_, other.core_);
  std::swap(number_, other.number_);
  return *this;
}

LayerTurns::Turn::~Turn() {
  if (core_ != nullptr) core_->GiveOn(number_);
}

LayerTurns::LayerTurns(IoLoop& timers, absl::Duration longest_wait)
    : core_(std::make_shared<Core>(timers, longest_wait)) {}

LayerTurns::~LayerTurns() { Stop(); }

void LayerTurns::Take(LayerClaim claim, const CallContext& context, Granted granted) {
  const uint64_t number = core_->NextNumber();
  // Before it can be granted, lest it replace what the operation itself sets then.
  context.cancellation->OnCancel([weak = std::weak_ptr(core_), number] {
    if (auto core = weak.lock()) core->Refuse(number, Core::Cancelled);
  });
  const absl::StatusOr<bool> waits = core_->Enter(number, std::move(claim), context, &granted);
  if (waits.ok() && *waits) {
    // It may have been cancelled before there was anything to refuse.
    if (context.cancellation->cancelled()) core_->Refuse(number, Core::Cancelled);
    return;
  }
  context.cancellation->OnCancel(nullptr);
  if (!waits.ok()) return std::move(granted)(waits.status());
  std::move(granted)(core_->TurnOf(number));
}

void LayerTurns::Stop() {
  std::vector<Core::Entry> refused;
  {
    absl::MutexLock lock(&core_->mutex);
    core_->stopped = true;
    for (auto entry = core_->entries.begin(); entry != core_->entries.end();) {
      if (!entry->waits) {
        ++entry;
        continue;
      }
      refused.push_back(Core::NoLongerWaiting(*entry));
      entry = core_->entries.erase(entry);
    }
    core_->waiting = 0;
  }
  for (Core::Entry& entry : refused) {
    Core::Forget(&entry);
    std::move(entry.granted)(absl::UnavailableError("the daemon stops"));
  }
}

}  // namespace hcs::runtime
