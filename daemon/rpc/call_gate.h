// The door of the daemon: which calls are inside, and whether more may enter.

#ifndef HCS_DAEMON_RPC_CALL_GATE_H_
#define HCS_DAEMON_RPC_CALL_GATE_H_

#include <cstddef>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "grpcpp/support/status.h"

namespace hcs::rpc {

// A call that is under way.
class OpenCall {
 public:
  // Ends the call with this status unless it has ended. It must neither block
  // nor leave the gate. What the call had started in the host goes on, as if
  // the client had not gone.
  virtual void End(const grpc::Status& status) = 0;

 protected:
  ~OpenCall() = default;
};

// Thread-safe.
class CallGate {
 public:
  // Finite calls end by themselves; endless ones watch something for as long as
  // the client wishes.
  enum class Span { kFinite, kEndless };

  // False once closed: the call must be refused with Refusal(). Otherwise
  // `call` must leave before it is destroyed.
  [[nodiscard]] bool Enter(OpenCall* call, Span span);
  void Leave(OpenCall* call);

  // UNAVAILABLE, saying that the daemon stops.
  static grpc::Status Refusal();

  // Lets nobody in any more and ends the endless calls.
  void Close();
  // Waits until every call has left; false when `timeout` ran out first.
  bool WaitUntilEmpty(absl::Duration timeout);
  // Ends the calls that are left.
  void EndAll();

  size_t size() const;

 private:
  mutable absl::Mutex mutex_;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  absl::flat_hash_map<OpenCall*, Span> calls_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace hcs::rpc

#endif  // HCS_DAEMON_RPC_CALL_GATE_H_
