// Linux' metadata of a layer's files, as core/layer/backup_stream/linux_file.h says that it
// is kept on Windows: in extended attributes, and in reparse points for what is neither a
// file nor a directory.

#ifndef HCS_CORE_EMULATOR_LAYERS_LINUX_METADATA_H_
#define HCS_CORE_EMULATOR_LAYERS_LINUX_METADATA_H_

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hcs::emulator {

// Linux' own extended attributes, by name ("security.capability").
using LinuxAttributes = std::vector<std::pair<std::string, std::string>>;

struct LinuxMetadata {
  std::optional<uint32_t> mode;  // All of st_mode.
  std::optional<uint32_t> user;
  std::optional<uint32_t> group;
  std::optional<dev_t> device;
  LinuxAttributes attributes;

  friend bool operator==(const LinuxMetadata&, const LinuxMetadata&) = default;
};

// Of the data of an EA stream. What is broken in it has no Linux metadata after the
// break: whether it is well-formed is not for the emulated host to say.
LinuxMetadata ParseLinuxAttributes(std::string_view attributes);

// The same attributes with the Linux ones replaced, in their places, or appended: those of
// `metadata.attributes` always at the end. A list has at most 64 KiB, values included: what
// does not fit is left out.
std::string WithLinuxAttributes(std::string_view attributes, const LinuxMetadata& metadata);

// A symbolic link, FIFO, socket or device.
struct SpecialFile {
  mode_t type = 0;     // S_IFLNK and so on.
  std::string target;  // Of a symbolic link.

  friend bool operator==(const SpecialFile&, const SpecialFile&) = default;
};

// Of the data of a reparse stream; nothing for any other reparse point.
std::optional<SpecialFile> ParseLinuxReparse(std::string_view reparse);
// `special.target` has at most 4095 bytes, as Linux' have.
std::string LinuxReparse(const SpecialFile& special);

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_LAYERS_LINUX_METADATA_H_
