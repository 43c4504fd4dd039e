// The process calls of the contract, over the host. One method per unary method
// of hcs.v1.ProcessService, as in ContainerOperations; Exec and Attach are
// `ProcessSession`s.

#ifndef HCS_CORE_RUNTIME_PROCESS_OPERATIONS_H_
#define HCS_CORE_RUNTIME_PROCESS_OPERATIONS_H_

#include "core/runtime/call.h"
#include "hcs/v1/process_service.pb.h"

namespace hcs::runtime {

struct Services;

class ProcessOperations {
 public:
  // `services` must outlive this and every call.
  explicit ProcessOperations(Services& services) : services_(services) {}

  void Create(const v1::CreateProcessRequest& request, CallContext context,
              Done<v1::CreateProcessResponse> done);
  void Open(const v1::OpenProcessRequest& request, CallContext context,
            Done<v1::OpenProcessResponse> done);
  void Get(const v1::GetProcessRequest& request, CallContext context,
           Done<v1::GetProcessResponse> done);
  void List(const v1::ListProcessesRequest& request, CallContext context,
            Done<v1::ListProcessesResponse> done);
  void Kill(const v1::KillProcessRequest& request, CallContext context,
            Done<v1::KillProcessResponse> done);
  void Signal(const v1::SignalProcessRequest& request, CallContext context,
              Done<v1::SignalProcessResponse> done);
  void Wait(const v1::WaitProcessRequest& request, CallContext context,
            Done<v1::WaitProcessResponse> done);
  void ResizeConsole(const v1::ResizeConsoleRequest& request, CallContext context,
                     Done<v1::ResizeConsoleResponse> done);
  void CloseStdin(const v1::CloseStdinRequest& request, CallContext context,
                  Done<v1::CloseStdinResponse> done);
  void Close(const v1::CloseProcessRequest& request, CallContext context,
             Done<v1::CloseProcessResponse> done);

 private:
  Services& services_;
};

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_PROCESS_OPERATIONS_H_
