// The one place that picks a host. Nothing else above core knows which there are.

#ifndef HCS_DAEMON_SERVICE_HOST_CHOICE_H_
#define HCS_DAEMON_SERVICE_HOST_CHOICE_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/abi/vmcompute.h"
#include "core/runtime/host_operations.h"
#include "daemon/service/configuration.h"

namespace hcs::service {

// A host that is at hand for as long as this exists.
class ChosenHost {
 public:
  virtual ~ChosenHost() = default;

  virtual const abi::HcsFunctionTable& table() const = 0;
  virtual runtime::HostDescription Describe() const = 0;
};

// What Configuration::isolation may be.
std::vector<std::string> IsolationWords();

// The configuration's host. Another is never taken in its place: the error says
// why it cannot be had, and which can.
absl::StatusOr<std::unique_ptr<ChosenHost>> ChooseHost(const Configuration& configuration);

}  // namespace hcs::service

#endif  // HCS_DAEMON_SERVICE_HOST_CHOICE_H_
