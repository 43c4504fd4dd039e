#include "daemon/rpc/watch_streams.h"

#include <memory>
#include <optional>
#include <utility>
#include <variant>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/runtime/event_journal.h"
#include "core/runtime/statistics_sampler.h"
#include "daemon/rpc/messages.h"
#include "daemon/rpc/pulling_stream.h"
#include "daemon/rpc/status.h"
#include "hcs/v1/container_service.pb.h"
#include "hcs/v1/event_service.pb.h"

namespace hcs::rpc {
namespace {

using Pulled = PullingStream<WatchReactor>::Pulled;
using Wake = absl::AnyInvocable<void()>;

// What differs between the two: how the watch is made, and how what it tells is
// encoded.
struct Events {
  using Request = v1::WatchEventsRequest;
  using Watch = runtime::EventWatch;

  static absl::StatusOr<std::unique_ptr<Watch>> Open(runtime::Runtime& runtime,
                                                     const Request& request, Wake wake) {
    return runtime.events().Watch(request, std::move(wake));
  }
  static Pulled Encode(const std::shared_ptr<const v1::Event>& event) {
    v1::WatchEventsResponse response;
    *response.mutable_event() = *event;
    return Serialize(response);
  }
  static Pulled Encode(const v1::EventsLost& lost) {
    v1::WatchEventsResponse response;
    *response.mutable_lost() = lost;
    return Serialize(response);
  }
  static Pulled Encode(const Watch::CaughtUp&) { return grpc::Status::OK; }
};

struct Statistics {
  using Request = v1::WatchContainerStatisticsRequest;
  using Watch = runtime::StatisticsWatch;

  static absl::StatusOr<std::unique_ptr<Watch>> Open(runtime::Runtime& runtime,
                                                     const Request& request, Wake wake) {
    return runtime.containers().WatchStatistics(request, std::move(wake));
  }
  static Pulled Encode(const std::shared_ptr<const v1::Statistics>& statistics) {
    v1::WatchContainerStatisticsResponse response;
    *response.mutable_statistics() = *statistics;
    return Serialize(response);
  }
  static Pulled Encode(const Watch::End& end) { return ToGrpcStatus(end.status); }
};

template <typename Subject>
class WatchStream final : public PullingStream<WatchReactor> {
 public:
  absl::Status Open(const RpcContext& rpc, const grpc::CallbackServerContext& context,
                    const grpc::ByteBuffer& buffer) {
    if (auto caller = IdentifyCall(rpc, context); !caller.ok()) return caller.status();
    typename Subject::Request request;
    if (absl::Status status = Parse(buffer, &request); !status.ok()) return status;
    auto watch = Subject::Open(rpc.runtime, request, [weak = weak_from_this()] {
      if (auto self = weak.lock()) self->Pump();
    });
    if (!watch.ok()) return watch.status();
    watch_ = *std::move(watch);
    StartSendInitialMetadata();
    Pump();
    return absl::OkStatus();
  }

 private:
  std::optional<Pulled> PullNext() override {
    auto next = watch_->Pull();
    if (!next.has_value()) return std::nullopt;
    return std::visit([](const auto& told) { return Subject::Encode(told); }, *next);
  }

  void OnGone() override {}

  // Here, since a watch must not be destroyed by its own wake, which may be
  // what holds this stream last.
  void OnClosed() override { watch_ = nullptr; }

  std::unique_ptr<typename Subject::Watch> watch_;
};

}  // namespace

WatchReactor* ServeEvents(const RpcContext& rpc, grpc::CallbackServerContext* context,
                          const grpc::ByteBuffer& request) {
  return ServePulled<WatchStream<Events>>(rpc, *context, request, CallGate::Span::kEndless);
}

WatchReactor* ServeStatistics(const RpcContext& rpc, grpc::CallbackServerContext* context,
                              const grpc::ByteBuffer& request) {
  return ServePulled<WatchStream<Statistics>>(rpc, *context, request, CallGate::Span::kEndless);
}

}  // namespace hcs::rpc
