// JSON text in and out, within limits.

#ifndef HCS_CORE_EMULATOR_DOCUMENTS_JSON_TEXT_H_
#define HCS_CORE_EMULATOR_DOCUMENTS_JSON_TEXT_H_

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "core/emulator/outcome.h"

namespace hcs::emulator {

using Json = nlohmann::json;

// What a caller's document may be. Beyond: VMCOMPUTE_INVALID_JSON.
inline constexpr size_t kMaxDocumentBytes = size_t{4} << 20;  // In UTF-8.
inline constexpr size_t kMaxDocumentDepth = 64;               // Nested objects and arrays.

// `text` as a JSON object. Empty text is the empty object. Anything else than an
// object, or what is not JSON, is VMCOMPUTE_INVALID_JSON.
Outcome<Json> ParseDocument(std::string_view text);

// Compact. What is not UTF-8 in a string becomes U+FFFD.
std::string JsonToText(const Json& json);

// {"Error": -1070137075, "ErrorMessage": "..."}.
std::string ResultDocument(const Status& status);

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_DOCUMENTS_JSON_TEXT_H_
