// From the host's C callback to the sink of a registration.

#ifndef HCS_CORE_HOST_NOTIFICATION_ROUTER_H_
#define HCS_CORE_HOST_NOTIFICATION_ROUTER_H_

#include "absl/functional/any_invocable.h"
#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "core/abi/vmcompute.h"
#include "core/host/completion.h"
#include "core/host/notification.h"

namespace hcs::host {

// The context that the host is given is a key, not a pointer: a notification
// that comes late, or twice, or after the end, finds nothing and is dropped.
class NotificationRouter {
 public:
  // The host's function that registers; and the one that takes it back.
  using Registrar = absl::FunctionRef<absl::StatusOr<Completion>(
      abi::HcsNotificationCallback callback, void* context, abi::HCS_CALLBACK* handle)>;
  using Unregistrar = absl::AnyInvocable<void(abi::HCS_CALLBACK handle) &&>;

  // Registers `sink`. `unregistrar` runs once, when the registration ends; what
  // it holds lives until then.
  static absl::StatusOr<Registration> Register(NotificationSink sink, Registrar registrar,
                                               Unregistrar unregistrar);
};

}  // namespace hcs::host

#endif  // HCS_CORE_HOST_NOTIFICATION_ROUTER_H_
