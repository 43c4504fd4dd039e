// Pages of lists: the rule of page_size, and the opaque page_token.

#ifndef HCS_CORE_RUNTIME_PAGE_TOKEN_H_
#define HCS_CORE_RUNTIME_PAGE_TOKEN_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace hcs::runtime {

inline constexpr size_t kDefaultPageSize = 100;
inline constexpr size_t kLargestPageSize = 1000;

// The number of items that a page may have. INVALID_ARGUMENT, naming page_size:
// negative, or more than the largest.
absl::StatusOr<size_t> PageSize(int32_t page_size);

// A token for the page after the item `last_id`. `list` names what is listed, so
// that one list's token is foreign to another. URL-safe. The token stays good
// when that item is gone, and over restarts of the daemon.
std::string EncodePageToken(std::string_view list, std::string_view last_id);

// The id after which the page begins; empty, before all ids, for an empty token.
// INVALID_ARGUMENT, naming page_token: not a token of this list.
absl::StatusOr<std::string> DecodePageToken(std::string_view list, std::string_view token);

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_PAGE_TOKEN_H_
