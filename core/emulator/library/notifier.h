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

// Notifications that another one waits for. Its state is the notifier's.
class NotificationGroup {
 private:
  friend class Notifier;

  size_t unheard_ = 0;
};

struct Notification {
  uint32_t type = abi::HcsNotificationInvalid;
  abi::HRESULT status = 0;
  std::string data;  // JSON; empty is none.
  // The group that it belongs to, and the one whose callbacks must have returned before
  // its own begins, or nullptr.
  std::shared_ptr<NotificationGroup> group;
  std::shared_ptr<NotificationGroup> after;
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

// Calls back in order for one registration, on several threads for several; across
// registrations a notification comes after a group where it says so.
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
  using Ready = std::deque<std::shared_ptr<Registration>>;

  void Run();
  Ready::iterator NextReady();
  // That it was heard, or never will be.
  void Settle(const Notification& notification);
  void RunOne(std::unique_lock<std::mutex>* lock,
              const std::shared_ptr<Registration>& registration);

  std::mutex mutex_;
  std::condition_variable work_;
  std::condition_variable idle_;
  // Registrations with something waiting and no callback running.
  Ready ready_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_LIBRARY_NOTIFIER_H_
