// What a file of Linux is called on Windows.
//
// Windows forbids characters that Linux allows. WSL, Cygwin and Samba ("catia") put U+F000 and
// the byte in their place, from Unicode's area for private use; so is it done here.

#ifndef HCS_CORE_PLATFORM_LINUX_NAME_H_
#define HCS_CORE_PLATFORM_LINUX_NAME_H_

#include <optional>
#include <string>
#include <string_view>

namespace hcs::platform {

// The name on Windows, in UTF-8, of one component of a Linux path, which is any bytes but '/'
// and NUL, not empty, and neither "." nor "..". U+F000 and the byte stand for:
//   - control characters, and " * : < > ? | and the backslash
//   - each byte of what is not UTF-8, and of a character that is itself in U+F000 to U+F0FF
//   - the first byte of a name that Windows does not take as a whole: one of dots and spaces
//     alone ("..."), or a device's ("aux.h")
// Two different names never become one. A name gets longer by 2 bytes for each.
std::string WindowsNameOf(std::string_view linux_component);

// The Linux name that WindowsNameOf makes this of; nullopt if it makes it of none.
std::optional<std::string> LinuxNameOf(std::string_view windows_component);

}  // namespace hcs::platform

#endif  // HCS_CORE_PLATFORM_LINUX_NAME_H_
