// A layer's names in a tar: '/' for '\', ".wh." before what is removed, and ":" before
// the name of an alternate stream.

#ifndef HCS_CORE_LAYER_WINDOWS_TAR_TAR_NAME_H_
#define HCS_CORE_LAYER_WINDOWS_TAR_TAR_NAME_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace hcs::layer {

// What a member of the tar is called.
struct TarName {
  std::string name;    // As LayerEntry has it.
  std::string stream;  // Of an alternate stream: its name alone; else empty.
  bool removed = false;
};

// INVALID_ARGUMENT, with the name and the rule: what layer_name.h refuses (names that
// lead out of the layer, absolute ones, drives, devices), a '\', a place other than in
// Files, Hives or UtilityVM; ".wh." alone, or OCI's opaque ".wh..wh..opq", which Windows
// layers do not have; an alternate stream without a name, or with a type.
absl::StatusOr<TarName> ParseTarName(std::string_view tar_name);

// The same without removals and streams: what a hard link leads to.
absl::StatusOr<std::string> ParsePlainTarName(std::string_view tar_name);

// INVALID_ARGUMENT as above; also a last component that begins with ".wh.", which would
// be read as a removal.
absl::StatusOr<std::string> TarNameOf(std::string_view layer_name, bool removed);

}  // namespace hcs::layer

#endif  // HCS_CORE_LAYER_WINDOWS_TAR_TAR_NAME_H_
