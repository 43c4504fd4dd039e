// A Unix socket whose clients are known by their credentials.

#ifndef HCS_DAEMON_TRANSPORT_UNIX_LISTENER_H_
#define HCS_DAEMON_TRANSPORT_UNIX_LISTENER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <thread>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "core/platform/unique_fd.h"
#include "daemon/transport/caller.h"

namespace hcs::transport {

// Owns the socket's file and the thread that accepts.
class UnixListener {
 public:
  // Given each connection (non-blocking, close-on-exec) with its caller, on the
  // listener's thread.
  using Accepted = absl::AnyInvocable<void(platform::UniqueFd, Caller)>;

  // Makes the socket's folder (0755) and the socket, of this mode. What a dead
  // daemon has left is replaced. ALREADY_EXISTS: somebody listens there;
  // FAILED_PRECONDITION: the path is something else than a socket; others as
  // the system says. No client can connect before Start().
  static absl::StatusOr<std::unique_ptr<UnixListener>> Bind(const std::string& path, uint32_t mode);

  // Stops accepting and removes the socket, unless it is another's by now.
  ~UnixListener();

  UnixListener(const UnixListener&) = delete;
  UnixListener& operator=(const UnixListener&) = delete;

  // Once.
  void Start(Accepted accepted);

 private:
  UnixListener(std::string path, platform::UniqueFd socket, platform::UniqueFd stop);

  void Run();
  void AcceptOne();

  const std::string path_;
  const platform::UniqueFd socket_;
  const platform::UniqueFd stop_;  // Readable once the thread is to end.
  const uint64_t inode_;
  Accepted accepted_;
  std::thread thread_;
};

}  // namespace hcs::transport

#endif  // HCS_DAEMON_TRANSPORT_UNIX_LISTENER_H_
