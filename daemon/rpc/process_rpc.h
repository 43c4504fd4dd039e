// hcs.v1.ProcessService over the runtime.

#ifndef HCS_DAEMON_RPC_PROCESS_RPC_H_
#define HCS_DAEMON_RPC_PROCESS_RPC_H_

#include "daemon/rpc/raw_service.h"
#include "daemon/rpc/rpc_context.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/server_callback.h"
#include "hcs/v1/process_service.grpc.pb.h"

namespace hcs::rpc {

using RawProcessService =
    RawService<v1::ProcessService::Service, v1::ProcessService::WithRawCallbackMethod_CreateProcess,
               v1::ProcessService::WithRawCallbackMethod_OpenProcess,
               v1::ProcessService::WithRawCallbackMethod_GetProcess,
               v1::ProcessService::WithRawCallbackMethod_ListProcesses,
               v1::ProcessService::WithRawCallbackMethod_KillProcess,
               v1::ProcessService::WithRawCallbackMethod_SignalProcess,
               v1::ProcessService::WithRawCallbackMethod_WaitProcess,
               v1::ProcessService::WithRawCallbackMethod_ResizeConsole,
               v1::ProcessService::WithRawCallbackMethod_CloseStdin,
               v1::ProcessService::WithRawCallbackMethod_CloseProcess,
               v1::ProcessService::WithRawCallbackMethod_Exec,
               v1::ProcessService::WithRawCallbackMethod_Attach>;

class ProcessRpc final : public RawProcessService {
 public:
  explicit ProcessRpc(const RpcContext& rpc) : rpc_(rpc) {}

  grpc::ServerUnaryReactor* CreateProcess(grpc::CallbackServerContext* context,
                                          const grpc::ByteBuffer* request,
                                          grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* OpenProcess(grpc::CallbackServerContext* context,
                                        const grpc::ByteBuffer* request,
                                        grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* GetProcess(grpc::CallbackServerContext* context,
                                       const grpc::ByteBuffer* request,
                                       grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ListProcesses(grpc::CallbackServerContext* context,
                                          const grpc::ByteBuffer* request,
                                          grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* KillProcess(grpc::CallbackServerContext* context,
                                        const grpc::ByteBuffer* request,
                                        grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* SignalProcess(grpc::CallbackServerContext* context,
                                          const grpc::ByteBuffer* request,
                                          grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* WaitProcess(grpc::CallbackServerContext* context,
                                        const grpc::ByteBuffer* request,
                                        grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ResizeConsole(grpc::CallbackServerContext* context,
                                          const grpc::ByteBuffer* request,
                                          grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* CloseStdin(grpc::CallbackServerContext* context,
                                       const grpc::ByteBuffer* request,
                                       grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* CloseProcess(grpc::CallbackServerContext* context,
                                         const grpc::ByteBuffer* request,
                                         grpc::ByteBuffer* response) override;
  grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* Exec(
      grpc::CallbackServerContext* context) override;
  grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* Attach(
      grpc::CallbackServerContext* context) override;

 private:
  const RpcContext& rpc_;
};

}  // namespace hcs::rpc

#endif  // HCS_DAEMON_RPC_PROCESS_RPC_H_
