#include "daemon/rpc/layer_streams.h"

#include <memory>
#include <optional>
#include <utility>
#include <variant>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "core/runtime/layer_export_session.h"
#include "core/runtime/layer_import_session.h"
#include "daemon/rpc/messages.h"
#include "daemon/rpc/pulling_stream.h"
#include "daemon/rpc/status.h"
#include "hcs/v1/layer_service.pb.h"

namespace hcs::rpc {
namespace {

// One message is read ahead while the session has another in hand, so that the wire does
// not wait for the host; no more, so that nothing grows.
class ImportStream final : public ImportReactor,
                           public OpenCall,
                           public std::enable_shared_from_this<ImportStream> {
 public:
  ImportStream(const RpcContext& rpc, grpc::ByteBuffer* response)
      : rpc_(rpc), response_(response) {}

  // Answers the call; the stream lives until gRPC is done with it.
  void Serve(const grpc::CallbackServerContext& context) {
    self_ = shared_from_this();
    entered_ = rpc_.gate.Enter(this, CallGate::Span::kFinite);
    if (!entered_) return End(CallGate::Refusal());
    auto call = IdentifyCall(rpc_, context);
    if (!call.ok()) return End(ToGrpcStatus(call.status()));
    const std::weak_ptr<ImportStream> weak = self_;
    auto session = rpc_.runtime.NewLayerImport(
        *std::move(call),
        [weak] {
          if (const auto self = weak.lock()) self->GiveNext();
        },
        [weak](absl::StatusOr<v1::ImportLayerResponse> answer) {
          if (const auto self = weak.lock()) self->Answer(answer);
        });
    absl::MutexLock lock(&mutex_);
    if (ended_) return session->Abort(CallEnded());
    session_ = std::move(session);
    StartRead(&received_);
  }

  // From any thread.
  void End(const grpc::Status& status) override {
    std::shared_ptr<runtime::LayerImportSession> session;
    {
      absl::MutexLock lock(&mutex_);
      if (std::exchange(ended_, true)) return;
      session = session_;
      Finish(status);
    }
    if (session != nullptr) session->Abort(CallEnded());
  }

 private:
  enum class Held { kNothing, kMessage, kEnd };

  static absl::Status CallEnded() { return absl::CancelledError("the call has ended"); }

  void OnReadDone(bool ok) override {
    v1::ImportLayerRequest message;
    if (ok) {
      absl::Status parsed = Parse(received_, &message);
      received_.Clear();
      if (!parsed.ok()) return session_->Abort(std::move(parsed));
    }
    {
      absl::MutexLock lock(&mutex_);
      held_ = ok ? Held::kMessage : Held::kEnd;
      next_.Swap(&message);
      if (session_busy_) return;
      session_busy_ = true;
    }
    TakeHeld();
  }

  // By the session, when it has done what it was given last.
  void GiveNext() {
    {
      absl::MutexLock lock(&mutex_);
      session_busy_ = held_ != Held::kNothing;
      if (!session_busy_) return;
    }
    TakeHeld();
  }

  void TakeHeld() {
    v1::ImportLayerRequest message;
    Held held = Held::kNothing;
    {
      absl::MutexLock lock(&mutex_);
      held = std::exchange(held_, Held::kNothing);
      message.Swap(&next_);
      if (held == Held::kMessage && !ended_) StartRead(&received_);
    }
    // After `done` nothing waits for the end.
    if (held == Held::kMessage) return session_->Give(std::move(message));
    session_->Abort(absl::DataLossError("the stream ended before `done`"));
  }

  void Answer(const absl::StatusOr<v1::ImportLayerResponse>& answer) {
    absl::MutexLock lock(&mutex_);
    if (std::exchange(ended_, true)) return;
    if (answer.ok()) *response_ = Serialize(*answer);
    Finish(ToGrpcStatus(answer.status()));
  }

  void OnCancel() override { End(grpc::Status::CANCELLED); }

  void OnDone() override {
    if (entered_) rpc_.gate.Leave(this);
    const auto self = std::move(self_);
  }

  const RpcContext& rpc_;
  grpc::ByteBuffer* const response_;  // Valid until the stream has ended.
  std::shared_ptr<ImportStream> self_;
  bool entered_ = false;
  // Set before the first read, and never again.
  std::shared_ptr<runtime::LayerImportSession> session_;
  grpc::ByteBuffer received_;  // Of the read that is under way.

  absl::Mutex mutex_;
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
  bool session_busy_ ABSL_GUARDED_BY(mutex_) = false;
  Held held_ ABSL_GUARDED_BY(mutex_) = Held::kNothing;
  v1::ImportLayerRequest next_ ABSL_GUARDED_BY(mutex_);
};

class ExportStream final : public PullingStream<ExportReactor> {
 public:
  absl::Status Open(const RpcContext& rpc, const grpc::CallbackServerContext& context,
                    const grpc::ByteBuffer& buffer) {
    auto call = IdentifyCall(rpc, context);
    if (!call.ok()) return call.status();
    v1::ExportLayerRequest request;
    if (absl::Status status = Parse(buffer, &request); !status.ok()) return status;
    session_ = rpc.runtime.NewLayerExport(*std::move(call), [weak = weak_from_this()] {
      if (auto self = weak.lock()) self->Pump();
    });
    session_->Start(request);
    return absl::OkStatus();
  }

 private:
  std::optional<Pulled> PullNext() override {
    auto next = session_->Pull();
    if (!next.has_value()) return std::nullopt;
    if (auto* end = std::get_if<runtime::LayerExportSession::End>(&*next)) {
      return ToGrpcStatus(end->status);
    }
    auto& message = std::get<v1::ExportLayerResponse>(*next);
    if (message.has_tar()) return SerializeTar(std::move(*message.mutable_tar()));
    return Serialize(message);
  }

  void OnGone() override {
    if (session_ != nullptr) session_->Disconnect();
  }

  // Also when the daemon ended the call.
  void OnClosed() override { OnGone(); }

  std::shared_ptr<runtime::LayerExportSession> session_;
};

}  // namespace

ImportReactor* ServeLayerImport(const RpcContext& rpc, grpc::CallbackServerContext* context,
                                grpc::ByteBuffer* response) {
  auto stream = std::make_shared<ImportStream>(rpc, response);
  stream->Serve(*context);
  return stream.get();
}

ExportReactor* ServeLayerExport(const RpcContext& rpc, grpc::CallbackServerContext* context,
                                const grpc::ByteBuffer& request) {
  return ServePulled<ExportStream>(rpc, *context, request, CallGate::Span::kFinite);
}

}  // namespace hcs::rpc
