// One unary call: a request, a method of the runtime, its answer.

#ifndef HCS_DAEMON_RPC_UNARY_CALL_H_
#define HCS_DAEMON_RPC_UNARY_CALL_H_

#include <atomic>
#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "core/runtime/call.h"
#include "daemon/rpc/call_gate.h"
#include "daemon/rpc/messages.h"
#include "daemon/rpc/rpc_context.h"
#include "daemon/rpc/status.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/server_callback.h"

namespace hcs::rpc {

// What gRPC hands to the method of a service.
struct UnaryArguments {
  grpc::CallbackServerContext* context;
  const grpc::ByteBuffer* request;
  grpc::ByteBuffer* response;
};

// Ends once: with the answer, with the client's cancellation or deadline, or
// with the daemon. An answer that comes later finds it finished and is dropped;
// until then it keeps this object, but nothing of gRPC's, alive.
class UnaryCall final : public grpc::ServerUnaryReactor,
                        public OpenCall,
                        public std::enable_shared_from_this<UnaryCall> {
 public:
  UnaryCall(const RpcContext& rpc, const UnaryArguments& arguments)
      : rpc_(rpc), arguments_(arguments) {}

  template <typename Operations, typename Request, typename Response>
  using Method = void (Operations::*)(const Request&, runtime::CallContext,
                                      runtime::Done<Response>);

  // The reactor that answers the call with what `method` answers.
  template <typename Operations, typename Request, typename Response>
  static grpc::ServerUnaryReactor* Answer(const RpcContext& rpc, const UnaryArguments& arguments,
                                          Operations& operations,
                                          Method<Operations, Request, Response> method) {
    auto call = std::make_shared<UnaryCall>(rpc, arguments);
    Request request;
    if (auto context = call->Begin(&request); context.ok()) {
      (operations.*method)(request, *std::move(context), [call](absl::StatusOr<Response> answer) {
        call->Settle(answer.ok() ? &*answer : nullptr, answer.status());
      });
    } else {
      call->Settle(nullptr, context.status());
    }
    return call.get();
  }

  void End(const grpc::Status& status) override;

 private:
  // Enters the gate, identifies the caller and parses the request.
  absl::StatusOr<runtime::CallContext> Begin(google::protobuf::Message* request);
  void Settle(const google::protobuf::Message* answer, const absl::Status& status);
  void OnCancel() override;
  void OnDone() override;
  // Neither blocks, so gRPC need not hand them to a thread of their own.
  bool InternalInlineable() override { return true; }

  const RpcContext& rpc_;
  const UnaryArguments arguments_;
  std::shared_ptr<runtime::Cancellation> cancellation_;
  std::atomic<bool> finished_ = false;
  std::shared_ptr<UnaryCall> self_;  // From Begin() to OnDone(): gRPC's hold on this.
};

}  // namespace hcs::rpc

#endif  // HCS_DAEMON_RPC_UNARY_CALL_H_
