// Notifications of the host, routed to whoever registered for them.

#ifndef HCS_CORE_HOST_NOTIFICATION_H_
#define HCS_CORE_HOST_NOTIFICATION_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/functional/any_invocable.h"
#include "core/abi/vmcompute.h"

namespace hcs::host {

struct Notification {
  uint32_t type = abi::HcsNotificationInvalid;  // abi::HcsNotificationType, or an unknown value.
  abi::HRESULT status = abi::HRESULT{};         // The outcome of what completed.
  std::string data;                             // The document, UTF-8; often empty.
};

// Takes a notification ON THE HOST'S CALLBACK THREAD: it may copy and post, and
// must neither block nor call the host. It may run before the call that
// registers it has returned. One registration's notifications come one at a
// time and in order.
using NotificationSink = absl::AnyInvocable<void(Notification)>;

// A registration, by ComputeSystem::Register or Process::Register. Keeps its
// system or process from being closed at the host: destroy it first.
//
// Destroying it unregisters and WAITS until a sink that is running has returned;
// the sink does not run after that, whatever the host does. So destroy it
// neither in the sink nor while holding a lock that the sink takes.
class Registration {
 public:
  // Registers nothing.
  Registration();
  ~Registration();
  Registration(Registration&& other) noexcept;
  Registration& operator=(Registration&& other) noexcept;

  // What destruction does, at once. Idempotent.
  void Unregister();

 private:
  friend class NotificationRouter;
  struct State;
  explicit Registration(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace hcs::host

#endif  // HCS_CORE_HOST_NOTIFICATION_H_
