// One run of hcsctl: what the command line said, and what every command needs.

#ifndef HCS_CLIENT_HCSCTL_INVOCATION_H_
#define HCS_CLIENT_HCSCTL_INVOCATION_H_

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/hcs_client/client.h"

namespace hcs::ctl {

struct Invocation {
  std::string address{client::kDefaultAddress};
  // One JSON document, or one a line for streams, instead of text for people.
  bool json = false;
  // The user's command: see SplitOwnWords.
  std::optional<std::vector<std::string>> words;

  // What the chosen command does; its answer is the exit code.
  std::function<absl::StatusOr<int>()> action;

  absl::StatusOr<client::Client> Connect() const { return client::Client::Connect(address); }
};

// "hcsctl: ..." on stderr, one line, with a hint when the daemon cannot be reached.
void PrintError(const Invocation& invocation, const absl::Status& status);

// A remark on stderr, such as what hcsctl did with a signal.
void PrintNotice(absl::string_view text);

}  // namespace hcs::ctl

#endif  // HCS_CLIENT_HCSCTL_INVOCATION_H_
