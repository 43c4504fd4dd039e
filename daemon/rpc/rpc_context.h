// What every service of the daemon is given.

#ifndef HCS_DAEMON_RPC_RPC_CONTEXT_H_
#define HCS_DAEMON_RPC_RPC_CONTEXT_H_

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/runtime/call.h"
#include "core/runtime/runtime.h"
#include "daemon/rpc/call_gate.h"
#include "daemon/transport/caller_table.h"
#include "grpcpp/server_context.h"

namespace hcs::rpc {

// Everything in it outlives the server.
struct RpcContext {
  runtime::Runtime& runtime;
  CallGate& gate;
  const transport::CallerTable& callers;
};

// The one look-up of a call's caller. UNAUTHENTICATED: see CallerTable::Find.
inline absl::StatusOr<runtime::CallContext> IdentifyCall(
    const RpcContext& rpc, const grpc::CallbackServerContext& context) {
  auto caller = rpc.callers.Find(context.peer());
  if (!caller.ok()) return caller.status();
  return runtime::CallContext{.caller = std::move(caller->name),
                              .deadline = absl::FromChrono(context.deadline())};
}

}  // namespace hcs::rpc

#endif  // HCS_DAEMON_RPC_RPC_CONTEXT_H_
