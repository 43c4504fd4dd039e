// tombstones.txt: what a layer removes from its parents. Facts: shared reference
// `vmcompute-abi.md`, section 2, "Transport folder".

#ifndef HCS_CORE_LAYER_TOMBSTONES_H_
#define HCS_CORE_LAYER_TOMBSTONES_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace hcs::layer {

inline constexpr char kTombstonesName[] = "tombstones.txt";
inline constexpr size_t kMaxTombstonesBytes = 64 * 1024 * 1024;

// The file of a layer that removes nothing: a byte order mark and "Version 1.0".
std::string_view TombstonesHeader();

// Whether a line can hold it: it has no line break.
bool IsTombstoneName(std::string_view name);

// The line that removes `name`, which must be below Files, and have no line break.
std::string TombstoneLine(std::string_view name);

// The removed names ("Files\Windows\win.ini"), in their order. Lines end with "\n" or
// "\r\n", the last one perhaps with neither; empty ones are passed over. The byte order
// mark may be missing. INVALID_ARGUMENT, with the line's number: no first line, or a
// path that does not begin with '\', that has a '\r', or that layer_name.h refuses.
absl::StatusOr<std::vector<std::string>> ParseTombstones(std::string_view text);

}  // namespace hcs::layer

#endif  // HCS_CORE_LAYER_TOMBSTONES_H_
