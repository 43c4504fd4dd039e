#include <catch2/catch.hpp>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "core/runtime/layer_turns.h"

namespace hcs::runtime {
namespace {

LayerClaim Claim(const std::string& operation, const std::string& layer,
                 const std::vector<std::string>& parents = {}) {
  LayerClaim claim{.operation = operation, .layer = layer, .keys = {{layer, true}}};
  for (const std::string& parent : parents) claim.keys.push_back({parent, false});
  return claim;
}

// What one who takes a turn is told. It may be told when this has gone. Thread-safe.
class Taker {
 public:
  Taker(LayerTurns& turns, LayerClaim claim, CallContext context = {})
      : context_(std::move(context)) {
    turns.Take(std::move(claim), context_, [told = told_](absl::StatusOr<LayerTurns::Turn> turn) {
      absl::MutexLock lock(&told->mutex);
      told->answer = std::move(turn);
    });
  }

  bool answered() const {
    absl::MutexLock lock(&told_->mutex);
    return told_->answer.has_value();
  }
  bool has_turn() const {
    absl::MutexLock lock(&told_->mutex);
    return told_->answer && told_->answer->ok();
  }
  absl::Status Await() const {
    absl::MutexLock lock(&told_->mutex);
    told_->mutex.Await(absl::Condition(
        +[](Told* told) { return told->answer.has_value(); }, told_.get()));
    return told_->answer->status();
  }
  void GiveOn() {
    std::optional<absl::StatusOr<LayerTurns::Turn>> given;  // Goes when the lock has.
    absl::MutexLock lock(&told_->mutex);
    given.swap(told_->answer);
  }
  void Cancel() { context_.cancellation->Cancel(); }

 private:
  struct Told {
    absl::Mutex mutex;
    std::optional<absl::StatusOr<LayerTurns::Turn>> answer;
  };

  CallContext context_;
  const std::shared_ptr<Told> told_ = std::make_shared<Told>();
};

struct Turns {
  IoLoop timers;
  LayerTurns turns{timers, absl::Minutes(5)};
};

TEST_CASE("Turns on one layer come one after another, in the order of the calls") {
  Turns fixture;
  Taker first(fixture.turns, Claim("A", "/l"));
  Taker second(fixture.turns, Claim("B", "/l"));
  Taker third(fixture.turns, Claim("C", "/l"));
  CHECK(first.has_turn());
  CHECK_FALSE(second.answered());
  first.GiveOn();
  CHECK(second.has_turn());
  CHECK_FALSE(third.answered());
  second.GiveOn();
  CHECK(third.has_turn());
}

TEST_CASE("Turns on different layers, and of those that only need a parent to stay, are at once") {
  Turns fixture;
  Taker one(fixture.turns, Claim("A", "/one", {"/base"}));
  Taker other(fixture.turns, Claim("B", "/other", {"/base"}));
  CHECK(one.has_turn());
  CHECK(other.has_turn());
  Taker destroyer(fixture.turns, Claim("D", "/base"));
  CHECK_FALSE(destroyer.answered());
  // It came first, so that it is not kept waiting for ever by those that share.
  Taker late(fixture.turns, Claim("C", "/late", {"/base"}));
  CHECK_FALSE(late.answered());
  one.GiveOn();
  CHECK_FALSE(destroyer.answered());
  other.GiveOn();
  CHECK(destroyer.has_turn());
  destroyer.GiveOn();
  CHECK(late.has_turn());
}

TEST_CASE("Whoever waits too long is told for what") {
  Turns fixture;
  Taker first(fixture.turns, Claim("ImportLayer", "/l"));
  CallContext context;
  context.deadline = absl::Now() + absl::Milliseconds(200);
  Taker second(fixture.turns, Claim("DestroyLayer", "/l"), context);
  const absl::Status late = second.Await();
  CHECK(absl::IsDeadlineExceeded(late));
  CHECK_THAT(std::string(late.message()),
             Catch::Contains("layer /l is busy: DestroyLayer has not had its turn after "
                             "ImportLayer of layer /l, under way for "));
  first.GiveOn();
  CHECK(Taker(fixture.turns, Claim("B", "/l")).has_turn());
}

TEST_CASE("The daemon's own limit ends a wait without a deadline") {
  IoLoop timers;
  LayerTurns turns(timers, absl::Milliseconds(50));
  Taker first(turns, Claim("A", "/l"));
  Taker second(turns, Claim("B", "/l"));
  Taker third(turns, Claim("C", "/l"));
  CHECK(absl::IsDeadlineExceeded(second.Await()));
  CHECK(absl::IsDeadlineExceeded(third.Await()));
}

TEST_CASE("One that is cancelled while it waits goes, and those behind it move up") {
  Turns fixture;
  Taker reader(fixture.turns, Claim("A", "/a", {"/base"}));
  Taker destroyer(fixture.turns, Claim("D", "/base"));
  Taker behind(fixture.turns, Claim("B", "/b", {"/base"}));
  CHECK_FALSE(behind.answered());
  destroyer.Cancel();
  CHECK(absl::IsCancelled(destroyer.Await()));
  CHECK(behind.has_turn());
  // One that has its turn keeps it.
  reader.Cancel();
  CHECK(reader.has_turn());
}

TEST_CASE("One that was cancelled before it waits is told so") {
  Turns fixture;
  Taker first(fixture.turns, Claim("A", "/l"));
  CallContext context;
  context.cancellation->Cancel();
  CHECK(absl::IsCancelled(Taker(fixture.turns, Claim("B", "/l"), context).Await()));
}

TEST_CASE("More than 1024 do not wait") {
  Turns fixture;
  std::vector<Taker> takers;
  for (int i = 0; i <= 1024; ++i) takers.emplace_back(fixture.turns, Claim("A", "/l"));
  CHECK_FALSE(takers.back().answered());
  Taker refused(fixture.turns, Claim("A", "/l"));
  CHECK(absl::IsResourceExhausted(refused.Await()));
  // One of another layer need not wait.
  CHECK(Taker(fixture.turns, Claim("A", "/other")).has_turn());
  takers.front().GiveOn();
  CHECK(takers[1].has_turn());
  CHECK_FALSE(Taker(fixture.turns, Claim("A", "/l")).answered());
  fixture.turns.Stop();
}

TEST_CASE("Whoever waits when the daemon stops is told so, and so is who comes then") {
  Turns fixture;
  Taker first(fixture.turns, Claim("A", "/l"));
  Taker second(fixture.turns, Claim("B", "/l"));
  fixture.turns.Stop();
  CHECK(absl::IsUnavailable(second.Await()));
  CHECK(first.has_turn());
  CHECK(absl::IsUnavailable(Taker(fixture.turns, Claim("C", "/l")).Await()));
  first.GiveOn();
}

TEST_CASE("A turn may be given on when those who granted it have gone") {
  LayerTurns::Turn turn;
  {
    Turns fixture;
    fixture.turns.Take(Claim("A", "/l"), {}, [&turn](absl::StatusOr<LayerTurns::Turn> granted) {
      turn = *std::move(granted);
    });
  }
  turn = LayerTurns::Turn();
}

}  // namespace
}  // namespace hcs::runtime
