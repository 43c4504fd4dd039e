#include "core/network/hns_response.h"

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "core/abi/hresult.h"
#include "core/document/document.h"
#include "core/host/host_error.h"

namespace hcs::network {
namespace {

using nlohmann::json;

constexpr char kFunction[] = "HNSCall";
constexpr uint32_t kFailureBit = 0x80000000;
constexpr uint32_t kWin32 = 0x80070000;
constexpr uint32_t kLargestWin32 = 0xFFFF;

absl::Status Unexpected(std::string_view request, std::string_view detail) {
  return host::MakeOwnStatus(host::OwnError::kUnexpectedValue, {kFunction, request}, detail);
}

// An HRESULT, which HNS writes as it likes: signed, unsigned, or as a Win32 error.
std::optional<abi::HRESULT> AsHresult(uint32_t code) {
  if ((code & kFailureBit) != 0) return static_cast<abi::HRESULT>(code);
  if (code == 0 || code > kLargestWin32) return std::nullopt;
  return static_cast<abi::HRESULT>(kWin32 | code);
}

std::optional<abi::HRESULT> CodeIn(const json& response) {
  const auto code = response.find("ErrorCode");
  if (code == response.end() || !code->is_number_integer()) return std::nullopt;
  if (code->is_number_unsigned() && code->get<uint64_t>() > UINT32_MAX) return std::nullopt;
  if (!code->is_number_unsigned() && code->get<int64_t>() < INT32_MIN) return std::nullopt;
  return AsHresult(static_cast<uint32_t>(code->get<int64_t>()));
}

// The first "0x803b0001" in the words.
std::optional<abi::HRESULT> CodeInWords(std::string_view words) {
  constexpr size_t kDigits = 8;
  for (size_t at = words.find("0x"); at != words.npos; at = words.find("0x", at + 2)) {
    const std::string_view digits = words.substr(at + 2, kDigits);
    uint32_t code = 0;
    if (digits.size() == kDigits && absl::SimpleHexAtoi(std::string(digits), &code) &&
        (code & kFailureBit) != 0) {
      return static_cast<abi::HRESULT>(code);
    }
  }
  return std::nullopt;
}

abi::HRESULT FailureOf(const json& response) {
  if (const auto code = CodeIn(response)) return *code;
  const auto error = response.find("Error");
  const std::string words =
      error != response.end() && error->is_string() ? error->get<std::string>() : std::string();
  if (const auto code = CodeInWords(words)) return *code;
  const bool missing = absl::StrContains(absl::AsciiStrToLower(words), "element not found");
  return missing ? abi::ERROR_NOT_FOUND : abi::E_FAIL;
}

}  // namespace

absl::StatusOr<json> OutputOf(std::string_view request, std::string_view response) {
  if (const absl::Status valid = document::ValidateJson(response); !valid.ok()) {
    return Unexpected(request, std::string(valid.message()));
  }
  json answer = json::parse(response);
  if (!answer.is_object()) return Unexpected(request, "HNS' response is not an object");
  const auto success = answer.find("Success");
  if (success == answer.end() || !success->is_boolean()) {
    return Unexpected(request, "HNS' response does not say whether it succeeded");
  }
  if (!success->get<bool>()) {
    return host::MakeHostStatus(FailureOf(answer), {kFunction, request}, response);
  }
  const auto output = answer.find("Output");
  return output == answer.end() ? json(nullptr) : std::move(*output);
}

}  // namespace hcs::network
