// What HNSCall answers with: {"Success": true, "Output": ...}, or {"Success": false,
// "Error": "text", "ErrorCode": n}.

#ifndef HCS_CORE_NETWORK_HNS_RESPONSE_H_
#define HCS_CORE_NETWORK_HNS_RESPONSE_H_

#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "absl/status/statusor.h"

namespace hcs::network {

// The response's Output; null when it has none. `request`, for errors, is its method and
// path.
//
// A response that reports a failure is a status with hcs.v1.HostError, whose HRESULT is
// ErrorCode (or, on builds that give none, what the text tells: a code in it, "Element not
// found."), and whose message is the text. One that is no such document is
// UNEXPECTED_VALUE.
absl::StatusOr<nlohmann::json> OutputOf(std::string_view request, std::string_view response);

}  // namespace hcs::network

#endif  // HCS_CORE_NETWORK_HNS_RESPONSE_H_
