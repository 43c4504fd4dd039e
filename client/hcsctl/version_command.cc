#include <iostream>

#include "absl/strings/str_cat.h"
#include "client/hcsctl/commands.h"
#include "client/hcsctl/json_output.h"

namespace hcs::ctl {
namespace {

// A daemon that cannot be reached is no reason not to say one's own version.
absl::StatusOr<int> PrintVersion(const Invocation& invocation) {
  std::string daemon = "not reachable";
  const auto client = invocation.Connect();
  if (!client.ok()) return client.status();
  const auto info = client->host().GetInfo();
  if (info.ok()) daemon = info->daemon_version();
  if (invocation.json) {
    std::cout << WithMember(WithMember("{}", "client", "\"" HCSD_VERSION "\""), "daemon",
                            info.ok() ? absl::StrCat("\"", daemon, "\"") : "null")
              << '\n';
  } else {
    std::cout << "hcsctl " HCSD_VERSION "\nhcsd " << daemon << '\n';
  }
  return 0;
}

}  // namespace

void AddVersionCommand(CLI::App& app, Invocation& invocation) {
  app.add_subcommand("version", "Print the versions of hcsctl and of the daemon")
      ->callback([&invocation] {
        invocation.action = [&invocation] { return PrintVersion(invocation); };
      });
}

}  // namespace hcs::ctl
