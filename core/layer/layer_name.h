// What a file of a layer may be called.
//
// A name is relative to the layer's root, in well-formed UTF-8, its components
// separated by '\'. Windows' own names may have lone surrogates; such a name cannot
// be carried by tar, by the contract or by the transport folder of another machine,
// and is refused rather than changed on the way.

#ifndef HCS_CORE_LAYER_LAYER_NAME_H_
#define HCS_CORE_LAYER_LAYER_NAME_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"

namespace hcs::layer {

// Windows' limits, in UTF-16 units; and Linux' for a component, in bytes.
inline constexpr size_t kMaxNameUnits = 32767;
inline constexpr size_t kMaxComponentUnits = 255;
inline constexpr size_t kMaxComponentBytes = 255;

// OK, or INVALID_ARGUMENT with the name (shortened, printable) and the rule:
//   - no empty component, and so none before a first or after a last '\'
//   - no component of dots and spaces alone: ".", "..", and what Win32 takes for them
//   - no '/', ':' (drives, alternate streams) or NUL; all else that Win32 forbids but
//     a file system can hold is allowed ('?', control characters, a dot at the end)
//   - no device: CON, nul.txt, COM1, LPT\u00b3, ...
//   - valid UTF-8, and no longer than the limits above
absl::Status CheckLayerName(std::string_view name);

// The text of a name for a message: quoted, unprintable bytes escaped, shortened.
std::string QuotedName(std::string_view name);

// INVALID_ARGUMENT: "'Files\x': RULE".
absl::Status InvalidName(std::string_view name, std::string_view rule);

// The components; views into `name`.
std::vector<std::string_view> NameComponents(std::string_view name);

// The name up to its last component, or empty when it has only one.
std::string_view ParentName(std::string_view name);

// True for a name below `folder`, without regard to case, but not for `folder` itself.
bool IsBelow(std::string_view name, std::string_view folder);

// The name in upper case, as Windows compares names: two names that have the same
// are one. By Unicode's simple mappings of single UTF-16 units, as NTFS does.
std::string UpperCaseName(std::string_view name);

}  // namespace hcs::layer

#endif  // HCS_CORE_LAYER_LAYER_NAME_H_
