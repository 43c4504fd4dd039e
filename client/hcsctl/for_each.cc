#include "client/hcsctl/for_each.h"

#include <iostream>

namespace hcs::ctl {

absl::StatusOr<int> DoForEach(const std::vector<std::string>& ids, const Invocation& invocation,
                              const ForEach& each) {
  const auto client = invocation.Connect();
  if (!client.ok()) return client.status();
  int exit_code = 0;
  for (const std::string& id : ids) {
    const absl::Status status = each(*client, id);
    if (status.ok()) {
      std::cout << id << std::endl;
    } else {
      PrintError(invocation, status);
      exit_code = 1;
    }
  }
  return exit_code;
}

}  // namespace hcs::ctl
