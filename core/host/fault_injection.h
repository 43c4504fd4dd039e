// Faults of the host, on purpose: a decorator over a table.
//
//   FaultInjection faults(host_table);
//   faults.Fail("HcsStartComputeSystem", 2, abi::RPC_S_CALL_FAILED);
//   faults.Lose(abi::HcsNotificationProcessExited, FaultInjection::kEvery);
//   ComputeService service(faults.table());
//
// For tests and, with a developer flag, for the daemon.

#ifndef HCS_CORE_HOST_FAULT_INJECTION_H_
#define HCS_CORE_HOST_FAULT_INJECTION_H_

#include <cstdint>
#include <memory>
#include <string_view>

#include "absl/time/time.h"
#include "core/abi/vmcompute.h"

namespace hcs::host {

class FaultyHost;

// The table's functions carry no context, so that there can be one instance at a
// time in a process. Thread-safe.
class FaultInjection {
 public:
  // Which call of a function, or which notification of a type, a fault applies
  // to, counted from 1 since the instance was made; or kEvery.
  using Number = uint64_t;
  static constexpr Number kEvery = 0;

  // Wraps `wrapped`, which must outlive this; exports that it lacks stay missing.
  explicit FaultInjection(const abi::HcsFunctionTable& wrapped);
  // Lets what hangs or is held go on, and waits for what it delivers itself. No
  // call of table() may begin or be under way after that.
  ~FaultInjection();

  FaultInjection(const FaultInjection&) = delete;
  FaultInjection& operator=(const FaultInjection&) = delete;

  // Valid as long as this.
  const abi::HcsFunctionTable& table() const { return table_; }

  // Calls. `function` is an export's name; an unknown one is a programming error
  // and ends the process. A call that fails does not reach the wrapped table.
  // Faults on one call add up: it hangs, is delayed, and fails, in this order.
  void Fail(std::string_view function, Number call, abi::HRESULT hresult);
  void Delay(std::string_view function, Number call, absl::Duration delay);
  // Until Release(function).
  void Hang(std::string_view function, Number call);
  // Frees the calls that hang and removes the function's hangs.
  void Release(std::string_view function);
  // Whether `count` calls of the function hang at once within `timeout`.
  bool WaitForHanging(std::string_view function, int count, absl::Duration timeout) const;
  // Calls of the function so far, those that failed included.
  Number calls(std::string_view function) const;

  // Notifications, by HcsNotificationType. Each registration gets its own; they
  // are counted together.
  void Lose(uint32_t type, Number notification);
  void Duplicate(uint32_t type, Number notification);
  // Delivers it late: once `delay` has passed, or, with infinite delay, at
  // ReleaseNotifications(type). Later ones of other types overtake it.
  void Postpone(uint32_t type, Number notification, absl::Duration delay);
  // Delivers what is held, in order, and removes the type's postponements.
  void ReleaseNotifications(uint32_t type);
  // Notifications of the type that the host has given so far.
  Number notifications(uint32_t type) const;
  // Whether `count` are postponed at once within `timeout`.
  bool WaitForPostponed(uint32_t type, int count, absl::Duration timeout) const;

  // ServiceDisconnect to every registration that there is.
  void DisconnectService();

  // Removes every fault, and lets go on what hangs or is held.
  void Clear();

 private:
  const std::unique_ptr<FaultyHost> host_;
  const abi::HcsFunctionTable table_;
};

}  // namespace hcs::host

#endif  // HCS_CORE_HOST_FAULT_INJECTION_H_
