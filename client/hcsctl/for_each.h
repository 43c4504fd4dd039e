// Commands over several objects.

#ifndef HCS_CLIENT_HCSCTL_FOR_EACH_H_
#define HCS_CLIENT_HCSCTL_FOR_EACH_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "client/hcsctl/invocation.h"

namespace hcs::ctl {

using ForEach = std::function<absl::Status(const client::Client&, const std::string& id)>;

// Does `each` for every one, in turn, and prints its id; failures are told as they come,
// and do not spare the rest. The exit code.
absl::StatusOr<int> DoForEach(const std::vector<std::string>& ids, const Invocation& invocation,
                              const ForEach& each);

}  // namespace hcs::ctl

#endif  // HCS_CLIENT_HCSCTL_FOR_EACH_H_
