// From what gRPC calls a call's peer to the caller behind it.

#ifndef HCS_DAEMON_TRANSPORT_CALLER_TABLE_H_
#define HCS_DAEMON_TRANSPORT_CALLER_TABLE_H_

#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "daemon/transport/caller.h"

namespace hcs::transport {

// Thread-safe. Connections that the daemon accepted itself are in the table,
// under gRPC's name for their descriptor ("fd:12"). An entry is replaced when
// the descriptor's number is used again, which cannot be before the last call
// of the old connection is over: gRPC keeps the descriptor open for as long.
class CallerTable {
 public:
  // Before the connection is given to gRPC.
  void Register(std::string peer, Caller caller);

  // "anonymous" for a TCP peer; UNAUTHENTICATED for any other that is not
  // registered.
  absl::StatusOr<Caller> Find(const std::string& peer) const;

 private:
  mutable absl::Mutex mutex_;
  absl::flat_hash_map<std::string, Caller> callers_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace hcs::transport

#endif  // HCS_DAEMON_TRANSPORT_CALLER_TABLE_H_
