#include "core/runtime/statistics_sampler.h"

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "absl/synchronization/mutex.h"
#include "core/runtime/io_loop.h"
#include "core/runtime/wake_slot.h"

namespace hcs::runtime {
namespace {

using Sample = std::shared_ptr<const v1::Statistics>;

constexpr absl::Duration kShortestInterval = absl::Milliseconds(100);
// A sample that is no older does for a watcher that has just come.
constexpr absl::Duration kFresh = kShortestInterval;
// After a failure the host is asked again, at the latest after this.
constexpr absl::Duration kRetryAfter = absl::Seconds(1);
// One failure may be the container's exit, which is told in another way.
constexpr int kFailuresInARow = 2;

// A clock that nobody sets.
absl::Duration Clock() {
  return absl::FromChrono(std::chrono::steady_clock::now().time_since_epoch());
}

// A watch, as the sampler sees it. Guarded by the sampler's mutex, but for `wake`.
struct Watcher {
  Watcher(absl::Duration interval_in, absl::AnyInvocable<void()> wake_in)
      : wake(std::move(wake_in)), interval(interval_in), due(Clock()) {}

  // Puts `given` in the place of a sample that has not been taken.
  void Give(const Sample& given, absl::Duration now) {
    sample = given;
    served = true;
    due = std::max(due + interval, now);
  }

  WakeSlot wake;
  const absl::Duration interval;
  absl::Duration due;
  bool served = false;
  // It has been told that there is nothing.
  bool parked = false;
  Sample sample;
  std::optional<absl::Status> end;
};

}  // namespace

// Outlives the sampler while a task of the loop, an answer or a watch needs it.
struct StatisticsSampler::Core : std::enable_shared_from_this<Core> {
  Core(IoLoop& loop_in, Ask ask_in) : loop(loop_in), ask(std::move(ask_in)) {}

  using Watchers = std::vector<std::shared_ptr<Watcher>>;

  void Join(const std::shared_ptr<Watcher>& watcher);
  void Leave(const std::shared_ptr<Watcher>& watcher);
  std::optional<StatisticsWatch::Next> Take(Watcher& watcher);
  void Finish(absl::Status status);

  // On the loop: asks, if it is time, else sees to it that it is called then.
  void Tick();
  void OnAnswer(absl::StatusOr<v1::Statistics> answer);

  absl::Duration NextAsk(absl::Duration now) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex);
  void GiveOut(absl::Duration now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex);
  void EndAll(const absl::Status& status) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex);
  Watchers TakeToWake() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex);

  IoLoop& loop;
  Ask ask;  // On the loop.

  absl::Mutex mutex;
  absl::flat_hash_set<std::shared_ptr<Watcher>> watchers ABSL_GUARDED_BY(mutex);
  Watchers to_wake ABSL_GUARDED_BY(mutex);
  std::unique_ptr<Timer> timer ABSL_GUARDED_BY(mutex);
  bool asking ABSL_GUARDED_BY(mutex) = false;
  int failures ABSL_GUARDED_BY(mutex) = 0;
  absl::Duration asked_at ABSL_GUARDED_BY(mutex) = -absl::InfiniteDuration();
  absl::Duration sampled_at ABSL_GUARDED_BY(mutex) = -absl::InfiniteDuration();
  Sample sample ABSL_GUARDED_BY(mutex);
  // The shortest interval of those who watch.
  absl::Duration period ABSL_GUARDED_BY(mutex) = absl::InfiniteDuration();
  std::optional<absl::Status> finished ABSL_GUARDED_BY(mutex);
};

void StatisticsSampler::Core::Join(const std::shared_ptr<Watcher>& watcher) {
  {
    absl::MutexLock lock(&mutex);
    if (finished) {
      watcher->end = finished;
      return;
    }
    watchers.insert(watcher);
    period = std::min(period, watcher->interval);
    if (const absl::Duration now = Clock(); now - sampled_at < kFresh) watcher->Give(sample, now);
  }
  loop.Post([self = shared_from_this()] { self->Tick(); });
}

void StatisticsSampler::Core::Leave(const std::shared_ptr<Watcher>& watcher) {
  absl::MutexLock lock(&mutex);
  watchers.erase(watcher);
  period = absl::InfiniteDuration();
  for (const auto& other : watchers) period = std::min(period, other->interval);
  if (watchers.empty()) timer = nullptr;
}

std::optional<StatisticsWatch::Next> StatisticsSampler::Core::Take(Watcher& watcher) {
  absl::MutexLock lock(&mutex);
  if (watcher.sample != nullptr) return std::exchange(watcher.sample, nullptr);
  if (watcher.end) return StatisticsWatch::End{*watcher.end};
  watcher.parked = true;
  return std::nullopt;
}

void StatisticsSampler::Core::Finish(absl::Status status) {
  {
    absl::MutexLock lock(&mutex);
    if (finished) return;
    finished = std::move(status);
    EndAll(*finished);
  }
  loop.Post([self = shared_from_this()] {
    Watchers woken;
    {
      absl::MutexLock lock(&self->mutex);
      woken = self->TakeToWake();
    }
    for (const auto& watcher : woken) watcher->wake.Wake();
  });
}

void StatisticsSampler::Core::Tick() {
  {
    absl::MutexLock lock(&mutex);
    if (asking || watchers.empty()) return;
    const absl::Duration now = Clock();
    const absl::Duration wait = NextAsk(now) - now;
    timer = nullptr;
    if (wait > absl::ZeroDuration()) {
      timer = loop.After(wait, [weak = weak_from_this()] {
        if (const auto self = weak.lock()) self->Tick();
      });
      return;
    }
    asking = true;
    asked_at = now;
  }
  // Not under the lock: what is asked may have locks of its own.
  ask([self = shared_from_this()](absl::StatusOr<v1::Statistics> answer) {
    self->loop.Post(
        [self, answer = std::move(answer)]() mutable { self->OnAnswer(std::move(answer)); });
  });
}

absl::Duration StatisticsSampler::Core::NextAsk(absl::Duration now) const {
  if (failures > 0) return asked_at + std::min(period, kRetryAfter);
  const auto new_one = [](const std::shared_ptr<Watcher>& watcher) { return !watcher->served; };
  if (std::any_of(watchers.begin(), watchers.end(), new_one)) return now;
  return asked_at + period;
}

void StatisticsSampler::Core::OnAnswer(absl::StatusOr<v1::Statistics> answer) {
  Watchers woken;
  {
    absl::MutexLock lock(&mutex);
    asking = false;
    if (answer.ok()) {
      failures = 0;
      sampled_at = Clock();
      sample = std::make_shared<const v1::Statistics>(*std::move(answer));
      GiveOut(sampled_at);
    } else if (++failures == kFailuresInARow) {
      failures = 0;
      EndAll(answer.status());
    }
    woken = TakeToWake();
  }
  for (const auto& watcher : woken) watcher->wake.Wake();
  Tick();
}

// Whose time comes in the first half of the period that begins is given this
// sample, whose comes in the second half the next one: so all who watch at one
// interval are served by the same samples, whenever they came.
void StatisticsSampler::Core::GiveOut(absl::Duration now) {
  for (const auto& watcher : watchers) {
    if (watcher->served && now < watcher->due - period / 2) continue;
    watcher->Give(sample, now);
    if (std::exchange(watcher->parked, false)) to_wake.push_back(watcher);
  }
}

void StatisticsSampler::Core::EndAll(const absl::Status& status) {
  for (const auto& watcher : watchers) {
    watcher->end = status;
    if (std::exchange(watcher->parked, false)) to_wake.push_back(watcher);
  }
  watchers.clear();
  period = absl::InfiniteDuration();
  timer = nullptr;
}

StatisticsSampler::Core::Watchers StatisticsSampler::Core::TakeToWake() {
  return std::exchange(to_wake, {});
}

class StatisticsSampler::MemberWatch : public StatisticsWatch {
 public:
  MemberWatch(std::shared_ptr<Core> core, std::shared_ptr<Watcher> watcher)
      : core_(std::move(core)), watcher_(std::move(watcher)) {}

  ~MemberWatch() override {
    core_->Leave(watcher_);
    watcher_->wake.Close();
  }

  std::optional<Next> Pull() override { return core_->Take(*watcher_); }

 private:
  const std::shared_ptr<Core> core_;
  const std::shared_ptr<Watcher> watcher_;
};

StatisticsSampler::StatisticsSampler(IoLoop& loop, Ask ask)
    : core_(std::make_shared<Core>(loop, std::move(ask))) {}

StatisticsSampler::~StatisticsSampler() {
  core_->Finish(absl::UnavailableError("the container is no longer there"));
}

std::unique_ptr<StatisticsWatch> StatisticsSampler::Watch(absl::Duration interval,
                                                          absl::AnyInvocable<void()> wake) {
  auto watcher = std::make_shared<Watcher>(std::max(interval, kShortestInterval), std::move(wake));
  core_->Join(watcher);
  return std::make_unique<MemberWatch>(core_, std::move(watcher));
}

void StatisticsSampler::Finish(absl::Status status) { core_->Finish(std::move(status)); }

}  // namespace hcs::runtime
