// The rules for single values in policies.

#ifndef HCS_CORE_EMULATOR_NETWORK_POLICY_RULES_H_
#define HCS_CORE_EMULATOR_NETWORK_POLICY_RULES_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/emulator/documents/json_text.h"

namespace hcs::emulator::hns {

enum class ValueRule : uint8_t {
  kBool,
  kNumber,       // A whole one of `minimum` to `maximum`.
  kText,         // A string.
  kWord,         // One of `words`, without regard to case.
  kTransport,    // TCP or UDP, or their numbers.
  kProtocols,    // Numbers of IP protocols (256 is any) or names, separated by commas.
  kPorts,        // "80,8080-8090", or a number.
  kAddress,      // An IP address.
  kPrefix,       // ADDRESS/LENGTH.
  kAddresses,    // Addresses and prefixes, separated by commas.
  kAddressList,  // An array of addresses and prefixes.
};

struct PolicyField {
  std::string_view name;
  ValueRule rule;
  bool required = false;
  uint64_t minimum = 0;
  uint64_t maximum = 0;
  std::span<const std::string_view> words = {};
};

// What is wrong with the value, such as "is greater than 65535"; empty when nothing is.
// A word is put into the spelling of `words`.
std::string CheckPolicyValue(const PolicyField& field, Json* value);

// The protocol that a string names ("TCP", "udp", "ICMPv6", "6"); -1 for none.
int ProtocolOfName(std::string_view name);

}  // namespace hcs::emulator::hns

#endif  // HCS_CORE_EMULATOR_NETWORK_POLICY_RULES_H_
