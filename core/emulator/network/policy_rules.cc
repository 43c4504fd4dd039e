#include "core/emulator/network/policy_rules.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/emulator/network/hns_documents.h"
#include "core/emulator/network/ip_address.h"

namespace hcs::emulator::hns {
namespace {

constexpr int kTcp = 6;
constexpr int kUdp = 17;
constexpr int kAnyProtocol = 256;

struct ProtocolName {
  std::string_view name;
  int number;
};
constexpr ProtocolName kProtocolNames[] = {
    {"TCP", kTcp}, {"UDP", kUdp}, {"ICMP", 1}, {"ICMPv4", 1}, {"ICMPv6", 58}};

std::optional<uint64_t> WholeNumber(std::string_view text) {
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string_view Trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

// Whether `good` holds for each of what commas separate.
template <typename Predicate>
bool AllOfList(std::string_view text, Predicate good) {
  for (;;) {
    const size_t comma = std::min(text.find(','), text.size());
    if (!good(Trimmed(text.substr(0, comma)))) return false;
    if (comma == text.size()) return true;
    text.remove_prefix(comma + 1);
  }
}

bool IsPort(std::string_view text) {
  const auto number = WholeNumber(text);
  return number && *number >= 1 && *number <= 65535;
}

bool IsPortOrRange(std::string_view text) {
  const size_t dash = text.find('-');
  if (dash == std::string_view::npos) return IsPort(text);
  const std::string_view first = text.substr(0, dash);
  const std::string_view last = text.substr(dash + 1);
  return IsPort(first) && IsPort(last) && *WholeNumber(first) <= *WholeNumber(last);
}

bool IsAddressOrPrefix(std::string_view text) {
  return IpAddress::Parse(text).has_value() || IpPrefix::Parse(text).has_value();
}

std::string CheckNumber(const PolicyField& field, const Json& value) {
  if (!value.is_number_unsigned()) return "is not a whole number of 0 or more";
  const auto number = value.get<uint64_t>();
  if (number < field.minimum) return "is less than " + std::to_string(field.minimum);
  if (number > field.maximum) return "is greater than " + std::to_string(field.maximum);
  return {};
}

std::string CheckWord(const PolicyField& field, Json* value) {
  std::string choices;
  for (const std::string_view word : field.words) {
    if (SameName(word, value->get_ref<const std::string&>())) {
      *value = word;
      return {};
    }
    choices += (choices.empty() ? "" : " or ") + std::string(word);
  }
  return "is not " + choices;
}

std::string CheckAddressList(const Json& value) {
  if (!value.is_array()) return "is not an array";
  const bool good = std::all_of(value.begin(), value.end(), [](const Json& element) {
    return element.is_string() && IsAddressOrPrefix(element.get_ref<const std::string&>());
  });
  return good ? "" : "has an entry that is no IP address or prefix";
}

// Of those rules whose values are strings.
std::string CheckText(const PolicyField& field, Json* value) {
  const std::string& text = value->get_ref<const std::string&>();
  const auto protocol = [](std::string_view name) { return ProtocolOfName(name) >= 0; };
  switch (field.rule) {
    case ValueRule::kWord: return CheckWord(field, value);
    case ValueRule::kTransport:
      return ProtocolOfName(text) == kTcp || ProtocolOfName(text) == kUdp ? ""
                                                                          : "is not TCP or UDP";
    case ValueRule::kProtocols:
      return AllOfList(text, protocol) ? "" : "has a protocol that is not known";
    case ValueRule::kPorts:
      return AllOfList(text, IsPortOrRange) ? "" : "has what is no port and no range of ports";
    case ValueRule::kAddress: return IpAddress::Parse(text) ? "" : "is no IP address";
    case ValueRule::kPrefix: return IpPrefix::Parse(text) ? "" : "is no ADDRESS/LENGTH";
    case ValueRule::kAddresses:
      return AllOfList(text, IsAddressOrPrefix) ? "" : "has what is no IP address or prefix";
    default: return {};
  }
}

}  // namespace

int ProtocolOfName(std::string_view name) {
  const auto* found =
      std::find_if(std::begin(kProtocolNames), std::end(kProtocolNames),
                   [&](const ProtocolName& known) { return SameName(known.name, name); });
  if (found != std::end(kProtocolNames)) return found->number;
  const auto number = WholeNumber(name);
  return number && *number <= kAnyProtocol ? static_cast<int>(*number) : -1;
}

std::string CheckPolicyValue(const PolicyField& field, Json* value) {
  if (field.rule == ValueRule::kBool) return value->is_boolean() ? "" : "is not true or false";
  if (field.rule == ValueRule::kNumber) return CheckNumber(field, *value);
  if (field.rule == ValueRule::kAddressList) return CheckAddressList(*value);
  const bool number_will_do = field.rule == ValueRule::kTransport ||
                              field.rule == ValueRule::kProtocols ||
                              field.rule == ValueRule::kPorts;
  if (number_will_do && value->is_number_unsigned()) {
    Json text = std::to_string(value->get<uint64_t>());
    return CheckText(field, &text);
  }
  return value->is_string() ? CheckText(field, value) : "is not a string";
}

}  // namespace hcs::emulator::hns
