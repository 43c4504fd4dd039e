// Whether a text is JSON, within limits, without reading it into anything.

#ifndef HCS_CORE_DOCUMENT_JSON_SYNTAX_H_
#define HCS_CORE_DOCUMENT_JSON_SYNTAX_H_

#include <cstddef>
#include <string_view>

#include "absl/status/status.h"

namespace hcs::document {

inline constexpr size_t kMaxDocumentBytes = 16 * 1024 * 1024;
// Objects and arrays in one another; a scalar has depth 0.
inline constexpr int kMaxDocumentDepth = 64;

struct JsonLimits {
  size_t bytes = kMaxDocumentBytes;
  int depth = kMaxDocumentDepth;
};

// INVALID_ARGUMENT, naming `field` (see InvalidField): not JSON in UTF-8 (with line
// and column), or beyond a limit (naming it). Memory stays flat, whatever the text
// is.
absl::Status ValidateJson(std::string_view text, const JsonLimits& limits = {},
                          std::string_view field = "document");

}  // namespace hcs::document

#endif  // HCS_CORE_DOCUMENT_JSON_SYNTAX_H_
