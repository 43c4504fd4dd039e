#include "daemon/rpc/process_stream.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "core/document/invalid_field.h"
#include "core/runtime/process_session.h"
#include "daemon/rpc/messages.h"
#include "daemon/rpc/pulling_stream.h"
#include "daemon/rpc/status.h"
#include "grpcpp/alarm.h"
#include "hcs/v1/process_service.pb.h"
#include "spdlog/spdlog.h"

namespace hcs::rpc {
namespace {

using runtime::ProcessSession;

// A client that vanishes ends its reads, as a half-close does, and is cancelled
// a moment later. So a half-close is believed only after this long.
constexpr std::chrono::milliseconds kHalfCloseGrace{20};

// What differs between the two methods: the first message.
bool HasStart(const v1::ExecRequest& request) { return request.has_start(); }
bool HasStart(const v1::AttachRequest& request) { return request.has_attach(); }
bool OwnsStdin(const v1::ExecRequest&) { return true; }
bool OwnsStdin(const v1::AttachRequest& request) { return request.attach().stdin(); }
void Begin(ProcessSession& session, const v1::ExecRequest& request) {
  session.Start(request.start());
}
void Begin(ProcessSession& session, const v1::AttachRequest& request) {
  session.Attach(request.attach());
}
std::string_view StartName(const v1::ExecRequest&) { return "start"; }
std::string_view StartName(const v1::AttachRequest&) { return "attach"; }

grpc::ByteBuffer Encode(const runtime::OutputChunk& chunk) { return SerializeOutput(chunk); }
grpc::ByteBuffer Encode(v1::ProcessStarted& started) {
  v1::ExecResponse response;
  response.mutable_started()->Swap(&started);
  return Serialize(response);
}
grpc::ByteBuffer Encode(v1::OutputDropped& dropped) {
  v1::ExecResponse response;
  response.mutable_dropped()->Swap(&dropped);
  return Serialize(response);
}
grpc::ByteBuffer Encode(v1::ProcessExit& exit) {
  v1::ExecResponse response;
  response.mutable_exited()->Swap(&exit);
  return Serialize(response);
}

template <typename Request>
class ProcessStream final : public PullingStream<ProcessReactor> {
 public:
  // Answers the call; the stream lives until gRPC is done with it.
  static ProcessReactor* Serve(const RpcContext& rpc, grpc::CallbackServerContext* context) {
    auto stream = std::make_shared<ProcessStream>();
    if (stream->Enter(&rpc.gate, CallGate::Span::kFinite)) stream->Connect(rpc, context);
    return stream.get();
  }

 private:
  void Connect(const RpcContext& rpc, grpc::CallbackServerContext* context) {
    auto call = IdentifyCall(rpc, *context);
    if (!call.ok()) return End(ToGrpcStatus(call.status()));
    context_ = context;
    session_ = rpc.runtime.NewSession(*std::move(call), [weak = weak_from_this()] {
      if (auto self = weak.lock()) self->Pump();
    });
    StartSendInitialMetadata();
    StartRead(&received_);
  }

  // One message is read ahead while the session has another in hand, so that
  // the wire does not wait for the process; no more, so that nothing grows.
  void OnReadDone(bool ok) override {
    if (ok) {
      absl::Status parsed = Parse(received_, &next_);
      received_.Clear();
      if (!parsed.ok()) return Refuse(parsed);
    }
    {
      absl::MutexLock lock(&upward_mutex_);
      held_ = ok ? Held::kMessage : Held::kEnd;
      if (busy_) return;
      busy_ = true;
    }
    TakeHeld();
  }

  // By whoever has made the session busy, or found it done.
  void TakeHeld() {
    Held held = Held::kNothing;
    {
      absl::MutexLock lock(&upward_mutex_);
      held = std::exchange(held_, Held::kNothing);
      busy_ = held != Held::kNothing;
    }
    if (held == Held::kNothing) return;
    if (held == Held::kEnd) return OnEndOfReads();
    request_.Swap(&next_);
    if (absl::Status status = Accept(); !status.ok()) Refuse(status);
  }

  absl::Status Accept() {
    if (HasStart(request_) == started_) {
      return document::InvalidField(StartName(request_),
                                    started_ ? "must be sent once" : "must be the first message");
    }
    if (started_) return Forward();
    started_ = true;
    closes_stdin_ = OwnsStdin(request_);
    Begin(*session_, request_);  // The next is read once the process has started.
    Pump();
    return absl::OkStatus();
  }

  absl::Status Forward() {
    if (request_.message_case() == Request::MESSAGE_NOT_SET) {
      return document::InvalidField("message", "must be set");
    }
    ReadNext();
    if (request_.has_stdin()) {
      session_->WriteStdin(std::move(*request_.mutable_stdin()), OnAccepted(""));
    } else if (request_.has_close_stdin()) {
      closes_stdin_ = false;
      session_->CloseStdin(OnAccepted(""));
    } else if (request_.has_resize()) {
      session_->Resize(request_.resize(), OnAccepted("resize"));
    } else {
      session_->Signal(request_.signal(), OnAccepted("signal"));
    }
    return absl::OkStatus();
  }

  // `optional_request` names a request that may fail without ending the stream;
  // after another the session itself tells the end.
  ProcessSession::Accepted OnAccepted(const char* optional_request) {
    return [weak = weak_from_this(), optional_request](absl::Status status) {
      const auto self = std::static_pointer_cast<ProcessStream>(weak.lock());
      if (self == nullptr) return;
      if (!status.ok()) {
        if (*optional_request == '\0') return;
        if (absl::IsInvalidArgument(status)) return self->Refuse(status);
        spdlog::debug("{}: {}", optional_request, status.ToString());
      }
      self->TakeHeld();
    };
  }

  void ReadNext() {
    UnlessEnded([this] { StartRead(&received_); });
  }

  void Refuse(const absl::Status& status) {
    session_->Disconnect();
    End(ToGrpcStatus(status));
  }

  // Half-closing closes stdin; vanishing must not.
  void OnEndOfReads() {
    if (!started_) {
      return Refuse(document::InvalidField(StartName(request_), "must be the first message"));
    }
    if (!closes_stdin_) return;
    const auto believed = std::chrono::system_clock::now() + kHalfCloseGrace;
    half_close_.Set(believed, [weak = weak_from_this()](bool) {
      const auto self = std::static_pointer_cast<ProcessStream>(weak.lock());
      if (self != nullptr) self->CloseStdinUnlessGone();
    });
  }

  // gRPC knows of a cancellation before it tells of it.
  void CloseStdinUnlessGone() {
    bool half_closed = false;
    UnlessEnded([&] { half_closed = !context_->IsCancelled(); });
    if (half_closed) session_->CloseStdin([](const absl::Status&) {});
  }

  std::optional<Pulled> PullNext() override {
    auto next = session_->Pull();
    if (!next.has_value()) return std::nullopt;
    if (auto* end = std::get_if<ProcessSession::End>(&*next)) return ToGrpcStatus(end->status);
    auto& message = std::get<ProcessSession::Message>(*next);
    if (std::holds_alternative<v1::ProcessStarted>(message)) {
      TakeHeld();
      ReadNext();
    }
    return std::visit([](auto& told) -> Pulled { return Encode(told); }, message);
  }

  void OnGone() override {
    if (session_ != nullptr) session_->Disconnect();
  }

  // The session goes with the stream, which its callbacks may still be holding.
  void OnClosed() override {}

  grpc::CallbackServerContext* context_ = nullptr;  // Valid until the stream has ended.
  std::shared_ptr<ProcessSession> session_;
  grpc::ByteBuffer received_;  // Of the read that is under way.
  Request next_;               // What it brought.
  Request request_;            // What the session has in hand.
  bool started_ = false;
  bool closes_stdin_ = false;  // Half-closing does.
  grpc::Alarm half_close_;

  enum class Held { kNothing, kMessage, kEnd };
  absl::Mutex upward_mutex_;
  // The session has not accepted what it was given last.
  bool busy_ ABSL_GUARDED_BY(upward_mutex_) = false;
  Held held_ ABSL_GUARDED_BY(upward_mutex_) = Held::kNothing;  // Read meanwhile.
};

}  // namespace

ProcessReactor* ServeExec(const RpcContext& rpc, grpc::CallbackServerContext* context) {
  return ProcessStream<v1::ExecRequest>::Serve(rpc, context);
}

ProcessReactor* ServeAttach(const RpcContext& rpc, grpc::CallbackServerContext* context) {
  return ProcessStream<v1::AttachRequest>::Serve(rpc, context);
}

}  // namespace hcs::rpc
