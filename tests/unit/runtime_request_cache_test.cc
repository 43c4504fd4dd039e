#include <atomic>
#include <catch2/catch.hpp>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "core/document/invalid_field.h"
#include "core/runtime/request_cache.h"
#include "hcs/v1/container_service.pb.h"
#include "tests/unit/runtime_invalid_field.h"

namespace hcs::runtime {
namespace {

using Request = v1::CreateContainerRequest;
using Response = v1::CreateContainerResponse;
using Answer = absl::StatusOr<Response>;

Request Create(std::string id, std::string request_id) {
  Request request;
  request.set_id(std::move(id));
  request.set_request_id(std::move(request_id));
  return request;
}

Answer Created(const std::string& id) {
  Response response;
  response.mutable_container()->set_id(id);
  return response;
}

// Calls of one cache, and the executions that it has asked for.
class Calls {
 public:
  Calls() = default;
  explicit Calls(RequestCache::Limits limits) : cache_(limits, [this] { return now_; }) {}

  // The place where the call's answer will be.
  std::shared_ptr<std::optional<Answer>> Call(
      const Request& request, std::string caller = "uid:0",
      std::shared_ptr<Cancellation> cancellation = nullptr) {
    CallContext context{.caller = std::move(caller)};
    if (cancellation != nullptr) context.cancellation = cancellation;
    auto answer = std::make_shared<std::optional<Answer>>();
    cache_.Run(context, request,
               Done<Response>([answer](Answer given) { *answer = std::move(given); }),
               [this](CallContext context, Done<Response> done) {
                 contexts.push_back(std::move(context));
                 executions.push_back(std::move(done));
               });
    return answer;
  }

  void Finish(size_t execution, Answer answer) {
    std::move(executions.at(execution))(std::move(answer));
  }

  void Sleep(absl::Duration duration) { now_ += duration; }

  std::vector<CallContext> contexts;
  std::vector<Done<Response>> executions;

 private:
  absl::Time now_ = absl::UnixEpoch();
  RequestCache cache_{{}, [this] { return now_; }};
};

std::string IdOf(const std::shared_ptr<std::optional<Answer>>& answer) {
  if (!*answer) return "(no answer)";
  return (*answer)->ok() ? (**answer)->container().id() : (*answer)->status().ToString();
}

absl::StatusCode CodeOf(const std::shared_ptr<std::optional<Answer>>& answer) {
  REQUIRE(answer->has_value());
  return (*answer)->status().code();
}

TEST_CASE("without a request_id every call is executed") {
  Calls calls;
  const auto first = calls.Call(Create("a", "")), second = calls.Call(Create("a", ""));
  REQUIRE(calls.executions.size() == 2);
  calls.Finish(1, Created("two"));
  calls.Finish(0, Created("one"));
  CHECK(IdOf(first) == "one");
  CHECK(IdOf(second) == "two");
}

TEST_CASE("the same request is executed once and answered alike") {
  Calls calls;
  const auto first = calls.Call(Create("a", "r1"));
  const auto meanwhile = calls.Call(Create("a", "r1"));
  CHECK(calls.executions.size() == 1);
  CHECK(IdOf(meanwhile) == "(no answer)");
  calls.Finish(0, Created("a"));
  CHECK(IdOf(first) == "a");
  CHECK(IdOf(meanwhile) == "a");
  CHECK(IdOf(calls.Call(Create("a", "r1"))) == "a");
  CHECK(calls.executions.size() == 1);
}

TEST_CASE("an error is an answer, its payloads included") {
  Calls calls;
  calls.Call(Create("a", "r1"));
  calls.Finish(0, document::InvalidField("config", "must be good"));
  const auto again = calls.Call(Create("a", "r1"));
  REQUIRE(again->has_value());
  CHECK(FieldOf((*again)->status()) == "config");
  CHECK(calls.executions.size() == 1);
}

TEST_CASE("other content under the same id is refused, and harms nothing") {
  Calls calls;
  const auto first = calls.Call(Create("a", "r1"));
  const auto in_flight = calls.Call(Create("b", "r1"));
  CHECK(CodeOf(in_flight) == absl::StatusCode::kAlreadyExists);
  CHECK(std::string((*in_flight)->status().message()).find("request_id") == 0);
  calls.Finish(0, Created("a"));
  CHECK(IdOf(first) == "a");
  CHECK(CodeOf(calls.Call(Create("b", "r1"))) == absl::StatusCode::kAlreadyExists);
  CHECK(IdOf(calls.Call(Create("a", "r1"))) == "a");
  CHECK(calls.executions.size() == 1);
}

TEST_CASE("the order of a map's entries is no other content") {
  Calls calls;
  Request one = Create("a", "r1"), other = Create("a", "r1");
  for (int i = 0; i < 50; ++i) (*one.mutable_labels())["k" + std::to_string(i)] = "v";
  for (int i = 49; i >= 0; --i) (*other.mutable_labels())["k" + std::to_string(i)] = "v";
  calls.Call(one);
  calls.Finish(0, Created("a"));
  CHECK(IdOf(calls.Call(other)) == "a");
}

TEST_CASE("callers and methods have request ids of their own") {
  RequestCache cache;
  int executed = 0;
  const auto create = [&](const std::string& caller) {
    cache.Run(CallContext{.caller = caller}, Create("a", "r"), Done<Response>([](Answer) {}),
              [&](CallContext, Done<Response> done) {
                ++executed;
                std::move(done)(Created("a"));
              });
  };
  create("uid:0");
  create("uid:1");
  CHECK(executed == 2);

  v1::StartContainerRequest start;
  start.set_id("a");
  start.set_request_id("r");
  cache.Run(CallContext{.caller = "uid:0"}, start,
            Done<v1::StartContainerResponse>([](absl::StatusOr<v1::StartContainerResponse>) {}),
            [&](CallContext, Done<v1::StartContainerResponse> done) {
              ++executed;
              std::move(done)(v1::StartContainerResponse());
            });
  CHECK(executed == 3);
  create("uid:0");
  CHECK(executed == 3);
}

TEST_CASE("errors that pass are not kept, so that a retry may succeed") {
  for (const absl::Status& passing :
       {absl::UnavailableError("down"), absl::CancelledError("gone"),
        absl::DeadlineExceededError("late"), absl::ResourceExhaustedError("busy")}) {
    Calls calls;
    const auto first = calls.Call(Create("a", "r1")), meanwhile = calls.Call(Create("a", "r1"));
    calls.Finish(0, passing);
    CHECK(CodeOf(first) == passing.code());
    CHECK(CodeOf(meanwhile) == passing.code());
    const auto retry = calls.Call(Create("a", "r1"));
    REQUIRE(calls.executions.size() == 2);
    calls.Finish(1, Created("a"));
    CHECK(IdOf(retry) == "a");
  }
}

TEST_CASE("a caller that cancels leaves the work and the others alone") {
  Calls calls;
  const auto cancel_first = std::make_shared<Cancellation>();
  const auto cancel_second = std::make_shared<Cancellation>();
  const auto first = calls.Call(Create("a", "r1"), "uid:0", cancel_first);
  const auto second = calls.Call(Create("a", "r1"), "uid:0", cancel_second);
  const auto third = calls.Call(Create("a", "r1"));
  cancel_second->Cancel();
  CHECK(CodeOf(second) == absl::StatusCode::kCancelled);
  CHECK(IdOf(first) == "(no answer)");
  cancel_first->Cancel();
  CHECK(CodeOf(first) == absl::StatusCode::kCancelled);
  // The work does not see it: its answer is for who comes back.
  CHECK_FALSE(calls.contexts.at(0).cancellation->cancelled());
  CHECK(calls.contexts.at(0).caller == "uid:0");
  calls.Finish(0, Created("a"));
  CHECK(IdOf(third) == "a");
  CHECK(CodeOf(first) == absl::StatusCode::kCancelled);
  CHECK(IdOf(calls.Call(Create("a", "r1"))) == "a");
  CHECK(calls.executions.size() == 1);
}

TEST_CASE("a call that was cancelled before it began does nothing") {
  Calls calls;
  const auto cancelled = std::make_shared<Cancellation>();
  cancelled->Cancel();
  CHECK(CodeOf(calls.Call(Create("a", "r1"), "uid:0", cancelled)) == absl::StatusCode::kCancelled);
  CHECK(calls.executions.empty());
}

TEST_CASE("an answer is kept for its time, counted from when it was given") {
  Calls calls;
  calls.Call(Create("a", "r1"));
  calls.Sleep(absl::Minutes(20));
  calls.Finish(0, Created("a"));
  calls.Sleep(absl::Minutes(10) - absl::Milliseconds(1));
  CHECK(IdOf(calls.Call(Create("a", "r1"))) == "a");
  calls.Sleep(absl::Milliseconds(1));
  calls.Call(Create("b", "r1"));
  CHECK(calls.executions.size() == 2);
}

TEST_CASE("when there are too many, the oldest answer goes first") {
  Calls calls({.entries = 3});
  for (const char* id : {"r1", "r2", "r3"}) {
    calls.Call(Create("a", id));
    calls.Finish(calls.executions.size() - 1, Created(id));
  }
  calls.Call(Create("a", "r4"));
  CHECK(calls.executions.size() == 4);
  CHECK(IdOf(calls.Call(Create("a", "r2"))) == "r2");
  CHECK(IdOf(calls.Call(Create("a", "r3"))) == "r3");
  calls.Call(Create("a", "r1"));
  CHECK(calls.executions.size() == 5);
}

TEST_CASE("calls under way are never dropped, but refused beyond the bound") {
  Calls calls({.entries = 2});
  const auto first = calls.Call(Create("a", "r1"));
  const auto second = calls.Call(Create("a", "r2"));
  CHECK(CodeOf(calls.Call(Create("a", "r3"))) == absl::StatusCode::kResourceExhausted);
  CHECK(calls.executions.size() == 2);
  calls.Finish(1, Created("two"));
  calls.Call(Create("a", "r3"));
  CHECK(calls.executions.size() == 3);
  calls.Finish(0, Created("one"));
  CHECK(IdOf(first) == "one");
  CHECK(IdOf(second) == "two");
}

TEST_CASE("answers are bounded by their bytes") {
  Calls calls({.bytes = 20000});
  const std::string large(6000, 'x');
  for (const char* id : {"r1", "r2", "r3", "r4"}) {
    calls.Call(Create("a", id));
    calls.Finish(calls.executions.size() - 1, Created(large));
  }
  CHECK(IdOf(calls.Call(Create("a", "r4"))) == large);
  calls.Call(Create("a", "r1"));
  CHECK(calls.executions.size() == 5);
  // One that is larger than all there is room for is not kept, that is all.
  const auto huge = calls.Call(Create("a", "huge"));
  calls.Finish(5, Created(std::string(50000, 'y')));
  CHECK(IdOf(huge).size() == 50000);
}

TEST_CASE("a request_id that is too long is refused") {
  Calls calls;
  const auto answer = calls.Call(Create("a", std::string(129, 'r')));
  REQUIRE(answer->has_value());
  CHECK(FieldOf((*answer)->status()) == "request_id");
  CHECK(calls.executions.empty());
}

TEST_CASE("an execution may finish after the cache is gone") {
  std::optional<Done<Response>> execution;
  bool answered = false;
  {
    RequestCache cache;
    cache.Run(CallContext(), Create("a", "r1"), Done<Response>([&](Answer) { answered = true; }),
              [&](CallContext, Done<Response> done) { execution = std::move(done); });
  }
  REQUIRE(execution);
  std::move (*execution)(Created("a"));
  CHECK(answered);
}

TEST_CASE("many threads with the same ids execute each once") {
  constexpr int kThreads = 4, kIds = 500;
  RequestCache cache;
  std::atomic<int> executed = 0, right = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < kIds; ++i) {
        const std::string id = std::to_string(i);
        CallContext context;
        const auto cancellation = context.cancellation;
        cache.Run(context, Create("a", id), Done<Response>([&, id](Answer answer) {
                    if (!answer.ok() || answer->container().id() == id) ++right;
                  }),
                  [&, id](CallContext, Done<Response> done) {
                    ++executed;
                    std::move(done)(Created(id));
                  });
        cancellation->Cancel();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(executed == kIds);
  CHECK(right == kThreads * kIds);
}

}  // namespace
}  // namespace hcs::runtime
