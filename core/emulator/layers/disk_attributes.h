// Rights, times and extended attributes that a layer's file has on disk.

#ifndef HCS_CORE_EMULATOR_LAYERS_DISK_ATTRIBUTES_H_
#define HCS_CORE_EMULATOR_LAYERS_DISK_ATTRIBUTES_H_

#include <sys/types.h>

#include <cstdint>
#include <ctime>
#include <optional>
#include <string>

#include "core/abi/vmcompute.h"
#include "core/emulator/layers/linux_metadata.h"

namespace hcs::emulator {

struct DiskAttributes {
  mode_t mode = 0;
  std::optional<uid_t> user;
  std::optional<gid_t> group;
  LinuxAttributes attributes;
  timespec access = {};
  timespec write = {};
};

// Those that an entry gives: Linux' where it has them, else 0755, without the right to
// write when it is a read-only file.
DiskAttributes DiskAttributesOf(const abi::FILE_BASIC_INFO& info, const LinuxMetadata& linux_part);

// Those that a folder has, to give them to another one.
DiskAttributes DiskAttributesOf(int folder);

// The time on disk of one of FILE_BASIC_INFO's: what every file system can hold, 1970 to
// 2038.
timespec DiskTime(int64_t file_time);
// The other way; 0 for one that FILE_BASIC_INFO has no number for.
int64_t FileTimeOf(const timespec& time);

// Where a symbolic link leads. Nothing, with errno set, when it cannot be read.
std::optional<std::string> ReadLink(int folder, const std::string& name);

// Sets them. Owners and extended attributes are set as far as this user and the file system
// may: the layer's metadata knows them in any case. 0, or an errno value.
int ApplyToOpenFile(int file, const DiskAttributes& attributes);
// The same for what cannot be opened: a link, a device. It has no extended attributes.
int ApplyToPath(int folder, const std::string& name, const DiskAttributes& attributes);

// Linux' extended attributes of a file, in order; without overlayfs' own and ours.
LinuxAttributes ReadAttributes(int file);
// Whether the file could have one of this name, which it has not.
bool MayHaveAttribute(int file, const std::string& name);

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_LAYERS_DISK_ATTRIBUTES_H_
