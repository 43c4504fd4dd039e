#include "daemon/transport/caller_table.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace hcs::transport {

void CallerTable::Register(std::string peer, Caller caller) {
  absl::MutexLock lock(&mutex_);
  callers_.insert_or_assign(std::move(peer), std::move(caller));
}

absl::StatusOr<Caller> CallerTable::Find(const std::string& peer) const {
  if (peer.starts_with("ipv4:") || peer.starts_with("ipv6:")) {
    return Caller{.name = "anonymous", .origin = peer};
  }
  absl::ReaderMutexLock lock(&mutex_);
  const auto found = callers_.find(peer);
  if (found == callers_.end()) {
    return absl::UnauthenticatedError(absl::StrCat("the caller at ", peer, " is not known"));
  }
  return found->second;
}

}  // namespace hcs::transport
