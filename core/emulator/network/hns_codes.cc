#include "core/emulator/network/hns_codes.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "core/emulator/documents/json_text.h"

namespace hcs::emulator::hns {
namespace {

struct Text {
  abi::HRESULT code;
  std::string_view text;
};

constexpr Text kTexts[] = {
    {abi::HCN_E_NETWORK_NOT_FOUND, "Element not found. The network was not found."},
    {abi::HCN_E_ENDPOINT_NOT_FOUND, "Element not found. The endpoint was not found."},
    {abi::HCN_E_POLICY_NOT_FOUND, "Element not found. The policy was not found."},
    {abi::HCN_E_SUBNET_NOT_FOUND, "The network does not have a subnet for this endpoint."},
    {abi::ERROR_NOT_FOUND, "Element not found."},
    {abi::HCN_E_INVALID_NETWORK, "The network configuration is invalid or incomplete."},
    {abi::HCN_E_INVALID_NETWORK_TYPE, "Invalid network type."},
    {abi::HCN_E_INVALID_ENDPOINT, "The endpoint configuration is invalid or incomplete."},
    {abi::HCN_E_INVALID_POLICY, "The policy configuration is invalid or incomplete."},
    {abi::HCN_E_INVALID_POLICY_TYPE, "Invalid policy type."},
    {kRemoteEndpoint, "This request is invalid for a remote endpoint."},
    {abi::HCN_E_NETWORK_ALREADY_EXISTS, "A network with this name already exists."},
    {abi::HCN_E_POLICY_ALREADY_EXISTS, "The policy already exists on this object."},
    {abi::HCN_E_PORT_ALREADY_EXISTS, "The specified port already exists."},
    {abi::HCN_E_ENDPOINT_ALREADY_ATTACHED, "This endpoint is already attached."},
    {abi::HCN_E_REQUEST_UNSUPPORTED, "The specified request is unsupported."},
    {abi::HCN_E_INVALID_JSON, "The document is not valid JSON."},
    {abi::HCN_E_ENDPOINT_SHARING_DISABLED, "Endpoint sharing is disabled."},
    {abi::HCN_E_INVALID_IP, "The IP address is invalid or in no configured subnet."},
    {kObjectExists, "The object already exists."},
    {kNoResources, "Insufficient system resources exist to complete the requested service."},
    {abi::ERROR_INVALID_PARAMETER, "The parameter is incorrect."},
    {abi::ERROR_ACCESS_DENIED, "Access is denied."},
    {abi::ERROR_DISK_FULL, "There is not enough space on the disk."},
};

}  // namespace

std::string_view HnsText(abi::HRESULT code) {
  const auto* found = std::find_if(std::begin(kTexts), std::end(kTexts),
                                   [&](const Text& entry) { return entry.code == code; });
  return found == std::end(kTexts) ? "Unspecified error." : found->text;
}

std::string SuccessResponse(const std::string& output) {
  return R"({"Output":)" + output + R"(,"Success":true})";
}

std::string FailureResponse(const Status& failure) {
  // What the host's JSON reader calls by HCS' name has one of HCN's.
  const abi::HRESULT code =
      failure.code == abi::VMCOMPUTE_INVALID_JSON ? abi::HCN_E_INVALID_JSON : failure.code;
  const auto number = static_cast<uint32_t>(code);
  std::array<char, 16> digits{};
  std::snprintf(digits.data(), digits.size(), " (0x%08x)", number);
  std::string text = std::string(HnsText(code)) + digits.data();
  if (!failure.message.empty()) text += ": " + failure.message;
  return JsonToText({{"Success", false}, {"Error", std::move(text)}, {"ErrorCode", number}});
}

}  // namespace hcs::emulator::hns
