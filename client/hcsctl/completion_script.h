// Shell scripts that complete hcsctl's commands, options, container ids and layers.

#ifndef HCS_CLIENT_HCSCTL_COMPLETION_SCRIPT_H_
#define HCS_CLIENT_HCSCTL_COMPLETION_SCRIPT_H_

#include <string>
#include <vector>

namespace hcs::ctl {

struct CompletionOption {
  std::string long_name;   // Without dashes; empty if there is none.
  std::string short_name;  // The same.
  std::string description;
};

struct CompletionCommand {
  std::string name;
  std::string description;
  std::vector<CompletionOption> options;
  std::vector<std::string> subcommands;
  // The command of hcsctl that lists what its arguments may be: "ps -q". Empty: files.
  std::string lists;
};

// What `hcsctl completion SHELL` prints.
std::string BashCompletion(const std::vector<CompletionCommand>& commands);
std::string ZshCompletion(const std::vector<CompletionCommand>& commands);
std::string FishCompletion(const std::vector<CompletionCommand>& commands);

}  // namespace hcs::ctl

#endif  // HCS_CLIENT_HCSCTL_COMPLETION_SCRIPT_H_
