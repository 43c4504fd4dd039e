// What a call of HNSCall asks for.

#ifndef HCS_CORE_EMULATOR_NETWORK_HNS_REQUEST_H_
#define HCS_CORE_EMULATOR_NETWORK_HNS_REQUEST_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/emulator/outcome.h"

namespace hcs::emulator::hns {

struct HnsRequest {
  std::string method;             // In upper case: "GET".
  std::vector<std::string> path;  // Its components in lower case, empty ones left out.
  std::string body;
};

// Method and path without regard to case; slashes at the ends and several in a row are
// as one. HCN_E_REQUEST_UNSUPPORTED for a path that is none.
Outcome<HnsRequest> ReadRequest(std::string_view method, std::string_view path, std::string body);

// Whether the path is of the form of `pattern`, such as "endpoints/{id}/attach". What
// stands in place of {id} is put into `id` as it is.
bool Matches(const HnsRequest& request, std::string_view pattern, std::string* id);

}  // namespace hcs::emulator::hns

#endif  // HCS_CORE_EMULATOR_NETWORK_HNS_REQUEST_H_
