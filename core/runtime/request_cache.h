// What `request_id` promises: the same id with the same content gives the first
// call's answer again, errors included; with other content it is ALREADY_EXISTS.

#ifndef HCS_CORE_RUNTIME_REQUEST_CACHE_H_
#define HCS_CORE_RUNTIME_REQUEST_CACHE_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "core/runtime/answer_once.h"
#include "core/runtime/call.h"
#include "core/runtime/validation.h"
#include "google/protobuf/message.h"

namespace hcs::runtime {

// Thread-safe. Request ids are kept apart by caller and by method, which the
// request's message names. Calls under way may outlive the cache.
class RequestCache {
 public:
  struct Limits {
    // How long an answer is kept.
    absl::Duration kept = absl::Minutes(10);
    // Of calls under way and answers together. When there are more, the oldest
    // answers go before their time.
    size_t entries = 65536;
    size_t bytes = size_t{64} << 20;
  };
  using Clock = std::function<absl::Time()>;

  // What does the work, once. It is to wait by the context that it is given: that
  // of the call, but that it cannot be cancelled when the answer is to be kept,
  // as the caller may come back for it.
  template <typename Response>
  using Execute = absl::AnyInvocable<void(CallContext, Done<Response>) &&>;

  RequestCache() : RequestCache(Limits(), absl::Now) {}
  RequestCache(const Limits& limits, Clock clock);
  ~RequestCache();

  // Answers `done` by `execute`, or as `execute` answered when the same request
  // came first: at once, or when that has finished. Without a request_id,
  // `execute` is all there is.
  //
  // UNAVAILABLE, CANCELLED, DEADLINE_EXCEEDED and RESOURCE_EXHAUSTED are not
  // kept, so that another try may succeed; who waits for the first try gets
  // them as well. A caller that cancels is answered with CANCELLED at once,
  // which touches neither the work nor the others.
  //
  // INVALID_ARGUMENT, naming request_id: it is too long (see CheckRequestId).
  // ALREADY_EXISTS: it was used for other content. RESOURCE_EXHAUSTED: as many
  // calls as the cache has room for are under way.
  template <typename Request, typename Response>
  void Run(const CallContext& context, const Request& request, Done<Response> done,
           std::type_identity_t<Execute<Response>> execute);

 private:
  struct Core;
  struct Entry;
  // A response, serialised.
  using Answer = absl::StatusOr<std::string>;
  using Waiter = absl::AnyInvocable<void(const Answer&) &&>;

  // True: the caller is the first, executes and tells Finish. False: `waiter`
  // is called once, with what the first was answered or why not.
  static bool Begin(Core& core, const std::string& key, const google::protobuf::Message& request,
                    Waiter waiter);
  static void Finish(Core& core, const std::string& key, Answer answer);
  static std::string KeyOf(const CallContext& context, const google::protobuf::Message& request,
                           const std::string& request_id);

  template <typename Response>
  static absl::StatusOr<Response> Parsed(const Answer& answer);

  std::shared_ptr<Core> core_;
};

template <typename Request, typename Response>
void RequestCache::Run(const CallContext& context, const Request& request, Done<Response> done,
                       std::type_identity_t<Execute<Response>> execute) {
  if (request.request_id().empty()) {
    std::move(execute)(context, std::move(done));
    return;
  }
  if (absl::Status status = CheckRequestId("request_id", request.request_id()); !status.ok()) {
    std::move(done)(std::move(status));
    return;
  }
  auto caller = std::make_shared<AnswerOnce<Response>>(std::move(done));
  context.cancellation->OnCancel([weak = std::weak_ptr(caller)] {
    if (const auto caller = weak.lock()) {
      caller->Answer(absl::CancelledError("the caller stopped waiting; the work goes on"));
    }
  });
  if (context.cancellation->cancelled()) return;
  const std::string key = KeyOf(context, request, request.request_id());
  const bool first = Begin(*core_, key, request, [caller](const Answer& answer) {
    caller->Answer(Parsed<Response>(answer));
  });
  if (!first) return;
  std::move(execute)(CallContext{.caller = context.caller}, [core = core_, key, caller](
                                                                absl::StatusOr<Response> response) {
    Finish(*core, key,
           response.ok() ? Answer(response->SerializeAsString()) : Answer(response.status()));
    caller->Answer(std::move(response));
  });
}

template <typename Response>
absl::StatusOr<Response> RequestCache::Parsed(const Answer& answer) {
  if (!answer.ok()) return answer.status();
  Response response;
  if (!response.ParseFromString(*answer)) return absl::InternalError("a kept answer is damaged");
  return response;
}

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_REQUEST_CACHE_H_
