#include "client/hcsctl/invocation.h"

#include <iostream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/hcsctl/text.h"

namespace hcs::ctl {
namespace {

std::string Describe(const absl::Status& status) {
  std::string text(status.message());
  if (text.empty()) text = absl::StatusCodeToString(status.code());
  for (const std::string& violation : client::FieldViolationsOf(status)) {
    if (!absl::StrContains(text, violation)) absl::StrAppend(&text, "; ", violation);
  }
  const auto error = client::HostErrorOf(status);
  if (error && !error->name().empty() && !absl::StrContains(text, error->name())) {
    absl::StrAppend(&text, " (", error->name(), ")");
  }
  return text;
}

// UNAVAILABLE without a word from the host is gRPC's own: there is no daemon.
bool CannotReachDaemon(const absl::Status& status) {
  return absl::IsUnavailable(status) && !client::HostErrorOf(status);
}

}  // namespace

void PrintError(const Invocation& invocation, const absl::Status& status) {
  std::string line = absl::StrCat("hcsctl: ", Describe(status));
  if (CannotReachDaemon(status)) {
    absl::StrAppend(&line, " (is hcsd running at ", invocation.address,
                    "? --address or HCSD_ADDRESS names another)");
  }
  std::cerr << Printable(line) << '\n';
}

void PrintNotice(absl::string_view text) { std::cerr << "hcsctl: " << text << '\n'; }

}  // namespace hcs::ctl
