// How a file of Linux is kept on Windows, as WSL does it on NTFS: its owner and mode are extended
// attributes, and what is neither a file nor a directory is a reparse point. Facts: Microsoft's
// "File permissions for WSL" ($LX...), ntifs.h (IO_REPARSE_TAG_LX_...), MS-FSCC 2.1.2.1.
//
// Standard library alone, so that the emulated host may use it too.

#ifndef HCS_CORE_LAYER_BACKUP_STREAM_LINUX_FILE_H_
#define HCS_CORE_LAYER_BACKUP_STREAM_LINUX_FILE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hcs::layer {

// Names of extended attributes. Values are uint32, little-endian; the device's are two, major
// and minor. The mode is the whole st_mode. A directory with a mode is case-sensitive.
inline constexpr char kLinuxUserName[] = "$LXUID";
inline constexpr char kLinuxGroupName[] = "$LXGID";
inline constexpr char kLinuxModeName[] = "$LXMOD";
inline constexpr char kLinuxDeviceName[] = "$LXDEV";

// Before the value of each of Linux' own extended attributes: NTFS has no empty values.
inline constexpr std::string_view kLinuxAttributeMagic = "lxea";

// The name, on Windows, of Linux' extended attribute `name`: "LX." and the name in upper case,
// since NTFS keeps no other; so that nothing is lost, upper case itself and "%" are "%" and the
// byte in hexadecimal: "security.capability" is "LX.SECURITY.CAPABILITY", "user.A" "LX.USER.%41".
std::string LinuxAttributeName(std::string_view name);

// The name that LinuxAttributeName makes this of; nullopt if it makes it of none.
std::optional<std::string> LinuxAttributeOf(std::string_view windows_name);

// A symbolic link's data is uint32 2, then its target in Linux' own bytes; the others have none.
inline constexpr uint32_t kLinuxSymbolicLinkTag = 0xA000001D;
inline constexpr uint32_t kLinuxSymbolicLinkVersion = 2;
inline constexpr uint32_t kLinuxSocketTag = 0x80000023;
inline constexpr uint32_t kLinuxFifoTag = 0x80000024;
inline constexpr uint32_t kLinuxCharacterDeviceTag = 0x80000025;
inline constexpr uint32_t kLinuxBlockDeviceTag = 0x80000026;

// Bits of st_mode.
inline constexpr uint32_t kLinuxTypeMask = 0170000;
inline constexpr uint32_t kLinuxSocket = 0140000;
inline constexpr uint32_t kLinuxSymbolicLink = 0120000;
inline constexpr uint32_t kLinuxFile = 0100000;
inline constexpr uint32_t kLinuxBlockDevice = 0060000;
inline constexpr uint32_t kLinuxDirectory = 0040000;
inline constexpr uint32_t kLinuxCharacterDevice = 0020000;
inline constexpr uint32_t kLinuxFifo = 0010000;
inline constexpr uint32_t kLinuxPermissions = 07777;

}  // namespace hcs::layer

#endif  // HCS_CORE_LAYER_BACKUP_STREAM_LINUX_FILE_H_
