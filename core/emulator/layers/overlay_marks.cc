#include "core/emulator/layers/overlay_marks.h"

#include <sys/sysmacros.h>
#include <sys/xattr.h>

#include <cerrno>

namespace hcs::emulator {
namespace {

constexpr char kTrustedOpaque[] = "trusted.overlay.opaque";
constexpr char kUserOpaque[] = "user.overlay.opaque";
constexpr char kYes = 'y';

bool HasMark(int folder, const char* name) {
  char value = 0;
  return fgetxattr(folder, name, &value, 1) == 1 && value == kYes;
}

}  // namespace

bool IsWhiteout(const struct stat& found) {
  return S_ISCHR(found.st_mode) && found.st_rdev == makedev(0, 0);
}

int MakeWhiteout(int folder, const std::string& name) {
  return mknodat(folder, name.c_str(), S_IFCHR, makedev(0, 0)) == 0 ? 0 : errno;
}

bool IsOpaque(int folder) {
  return HasMark(folder, kTrustedOpaque) || HasMark(folder, kUserOpaque);
}

int MakeOpaque(int folder) {
  if (fsetxattr(folder, kTrustedOpaque, &kYes, 1, 0) == 0) return 0;
  if (errno != EPERM) return errno;
  return fsetxattr(folder, kUserOpaque, &kYes, 1, 0) == 0 ? 0 : errno;
}

}  // namespace hcs::emulator
