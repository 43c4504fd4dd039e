#include "daemon/rpc/unary_call.h"

#include "absl/status/status.h"

namespace hcs::rpc {

absl::StatusOr<runtime::CallContext> UnaryCall::Begin(google::protobuf::Message* request) {
  self_ = shared_from_this();
  if (!rpc_.gate.Enter(this, CallGate::Span::kFinite)) {
    return absl::UnavailableError(CallGate::Refusal().error_message());
  }
  auto context = IdentifyCall(rpc_, *arguments_.context);
  if (!context.ok()) return context.status();
  if (absl::Status status = Parse(*arguments_.request, request); !status.ok()) return status;
  cancellation_ = context->cancellation;
  return context;
}

void UnaryCall::Settle(const google::protobuf::Message* answer, const absl::Status& status) {
  if (finished_.exchange(true)) return;
  if (answer != nullptr) *arguments_.response = Serialize(*answer);
  Finish(ToGrpcStatus(status));
}

void UnaryCall::End(const grpc::Status& status) {
  if (!finished_.exchange(true)) Finish(status);
}

void UnaryCall::OnCancel() {
  if (cancellation_ != nullptr) cancellation_->Cancel();
  End(grpc::Status::CANCELLED);
}

void UnaryCall::OnDone() {
  rpc_.gate.Leave(this);
  const auto self = std::move(self_);
}

}  // namespace hcs::rpc
