// HRESULTs of HNS that are in no header of HCN's, and the words that go with them all.

#ifndef HCS_CORE_EMULATOR_NETWORK_HNS_CODES_H_
#define HCS_CORE_EMULATOR_NETWORK_HNS_CODES_H_

#include <string>
#include <string_view>

#include "core/emulator/outcome.h"

namespace hcs::emulator::hns {

// An address, a MAC or an id is somebody's already: Win32's ERROR_OBJECT_ALREADY_EXISTS.
inline constexpr auto kObjectExists = static_cast<abi::HRESULT>(0x80071392u);
// Addresses, MACs or ports have run out: Win32's ERROR_NO_SYSTEM_RESOURCES (assumption).
inline constexpr auto kNoResources = static_cast<abi::HRESULT>(0x800705AAu);
// HCN's for what only an endpoint of this machine can be asked for.
inline constexpr auto kRemoteEndpoint = static_cast<abi::HRESULT>(0x803B000Fu);

// What HNS says for a code, such as "The specified port already exists."; callers read
// it: a missing object is known by "Element not found.".
std::string_view HnsText(abi::HRESULT code);

// {"Success": true, "Output": output}; `output` is JSON.
std::string SuccessResponse(const std::string& output);

// {"Success": false, "Error": "TEXT (0xCODE): DETAIL", "ErrorCode": n}; n is not negative.
std::string FailureResponse(const Status& failure);

}  // namespace hcs::emulator::hns

#endif  // HCS_CORE_EMULATOR_NETWORK_HNS_CODES_H_
