#include "core/host/table_caller.h"

#include "core/abi/hresult.h"

namespace hcs::host {

absl::StatusOr<Completion> TableCaller::ToCompletion(abi::HRESULT hresult, CallSite site,
                                                     const HostText* result) {
  if (!abi::Failed(hresult)) return Completion::kDone;
  if (abi::IsPending(hresult)) return Completion::kPending;
  return MakeHostStatus(hresult, site, result == nullptr ? std::string() : result->ToUtf8());
}

absl::StatusOr<std::string> RequireText(const HostText& text, CallSite site) {
  if (text.is_null()) {
    return MakeOwnStatus(OwnError::kUnexpectedValue, site, "the host answered with nothing");
  }
  return text.ToUtf8();
}

}  // namespace hcs::host
