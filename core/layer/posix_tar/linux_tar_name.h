// Names in a Linux layer's tar, and what they are in a layer: below Files, with '\' for '/', each
// component as platform::WindowsNameOf has it. The root directory is Files itself.

#ifndef HCS_CORE_LAYER_POSIX_TAR_LINUX_TAR_NAME_H_
#define HCS_CORE_LAYER_POSIX_TAR_LINUX_TAR_NAME_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace hcs::layer {

inline constexpr char kLinuxRoot[] = "Files";

// What a member of the tar is called (OCI image specification, "Whiteouts").
struct LinuxTarName {
  enum class Kind {
    kPlain,
    kRemoved,  // ".wh.NAME": `name` is what it removes.
    kOpaque,   // ".wh..wh..opq": `name` is the directory that it is in.
  };
  Kind kind = Kind::kPlain;
  std::string name;  // As LayerEntry has it.
};

// Empty components and "." are passed over ("./usr//bin" is "usr/bin"). INVALID_ARGUMENT, with
// the name and the rule: an absolute name, a "..", what layer_name.h refuses (too long); ".wh."
// alone or before "." and ".."; AUFS' own ".wh..wh.NAME"; a removal of the root, or an opaque one.
absl::StatusOr<LinuxTarName> ParseLinuxTarName(std::string_view tar_name);

// The same without removals: what a hard link leads to.
absl::StatusOr<std::string> ParsePlainLinuxTarName(std::string_view tar_name);

// "usr/bin", or "." of the root. INVALID_ARGUMENT, with the name and the rule: a place other than
// Files and below; a component that is no Linux name's (platform::LinuxNameOf), or that begins
// with ".wh."; a removal of Files itself.
absl::StatusOr<std::string> LinuxTarNameOf(std::string_view layer_name, bool removed);

// The name of what makes the directory opaque.
std::string OpaqueTarNameOf(std::string_view tar_name);

}  // namespace hcs::layer

#endif  // HCS_CORE_LAYER_POSIX_TAR_LINUX_TAR_NAME_H_
