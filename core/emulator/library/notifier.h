// Notification callbacks: registrations, and the threads that call them.

#ifndef HCS_CORE_EMULATOR_LIBRARY_NOTIFIER_H_
#define HCS_CORE_EMULATOR_LIBRARY_NOTIFIER_H_

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/abi/vmcompute.h"

namespace hcs::emulator {

struct Notification {
  uint32_t type = abi::HcsNotificationInvalid;
  abi::HRESULT status = 0;
  std::string data;  // JSON; empty is none.
};

// One caller's wish to be called. Owned by the handle table and by the handle that
// it was made on; all its state is the notifier's.
class Registration {
 public:
  Registration(abi::HcsNotificationCallback callback, void* context)
      : callback_(callback), context_(context) {}

 private:
  friend class Notifier;

  const abi::HcsNotificationCallback callback_;
  void* const context_;
  std::list<Notification> waiting_;
  bool running_ = false;
  bool ended_ = false;
  std::thread::id running_on_;
};

// Calls back in order for one registration, on several threads for several.
// Thread-safe.
class Notifier {
 public:
  explicit Notifier(size_t threads);

  ~Notifier();

  Notifier(const Notifier&) = delete;
  Notifier& operator=(const Notifier&) = delete;

  // Ends the threads, after the callbacks that are running; what is waiting or comes
  // later is dropped. Idempotent.
  void Stop();

  void Post(const std::shared_ptr<Registration>& registration, Notification notification);

  // After this returns, the callback is not running and will not run again. Only
  // where a callback ends its own registration, it may still be running (the real
  // host deadlocks there).
  void End(const std::shared_ptr<Registration>& registration);

 private:
  void Run();
  void RunOne(std::unique_lock<std::mutex>* lock,
              const std::shared_ptr<Registration>& registration);

  std::mutex mutex_;
  std::condition_variable work_;
  std::condition_variable idle_;
  // Registrations with something waiting and no callback running.
  std::deque<std::shared_ptr<Registration>> ready_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_LIBRARY_NOTIFIER_H_
