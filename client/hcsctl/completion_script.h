// Shell scripts that complete hcsctl's commands, options and ids.

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
  // Of a group such as "network", which have none of their own.
  std::vector<CompletionCommand> subcommands = {};
  // What lists the ids that it takes, after "hcsctl": "ps -q". Empty if it takes none.
  std::string lists_ids = {};
};

// What `hcsctl completion SHELL` prints.
std::string BashCompletion(const std::vector<CompletionCommand>& commands);
std::string ZshCompletion(const std::vector<CompletionCommand>& commands);
std::string FishCompletion(const std::vector<CompletionCommand>& commands);

}  // namespace hcs::ctl

#endif  // HCS_CLIENT_HCSCTL_COMPLETION_SCRIPT_H_
