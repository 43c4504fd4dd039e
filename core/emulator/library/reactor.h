// The one thread that waits for all sockets to workers.

#ifndef HCS_CORE_EMULATOR_LIBRARY_REACTOR_H_
#define HCS_CORE_EMULATOR_LIBRARY_REACTOR_H_

#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "core/platform/unique_fd.h"

namespace hcs::emulator {

class SocketWatcher {
 public:
  virtual ~SocketWatcher() = default;

  // On the reactor's thread; must not block. May come once more after Remove.
  virtual void OnSocketReady(bool readable, bool writable) = 0;
};

// Thread-safe.
class Reactor {
 public:
  using Token = uint64_t;

  Reactor();
  ~Reactor();

  Reactor(const Reactor&) = delete;
  Reactor& operator=(const Reactor&) = delete;

  // Ends the thread: no watcher is called afterwards. Idempotent.
  void Stop();

  // Watches `fd` for reading. 0 when the machine refuses.
  Token Add(int fd, std::weak_ptr<SocketWatcher> watcher);

  // Whether `fd` is watched for writing as well.
  void WatchWriting(Token token, int fd, bool watch);

  // Call before `fd` is closed.
  void Remove(Token token, int fd);

 private:
  void Run();
  std::shared_ptr<SocketWatcher> Find(Token token);

  platform::UniqueFd epoll_;
  platform::UniqueFd stop_;
  std::mutex mutex_;
  Token next_token_ = 1;
  std::unordered_map<Token, std::weak_ptr<SocketWatcher>> watchers_;
  std::thread thread_;
};

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_LIBRARY_REACTOR_H_
