// overlayfs. Its folders are told by descriptor: paths need no escapes then, and a
// chain of layers fits into the one page that mount(2) takes for options.

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include <cerrno>
#include <utility>

#include "core/platform/union_mount.h"
#include "core/platform/unique_fd.h"

namespace hcs::platform {
namespace {

class FoldersByDescriptor {
 public:
  // Empty on failure, with errno set.
  std::string PathOf(const std::string& folder) {
    UniqueFd fd(open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!fd) return {};
    std::string path = "/proc/self/fd/" + std::to_string(fd.get());
    open_.push_back(std::move(fd));
    return path;
  }

 private:
  std::vector<UniqueFd> open_;
};

int MountWith(const std::string& target, const std::string& options) {
  return mount("overlay", target.c_str(), "overlay", MS_NODEV, options.c_str()) == 0 ? 0 : errno;
}

}  // namespace

int MountUnion(const UnionMount& mount) {
  FoldersByDescriptor folders;
  std::string options = "lowerdir=";
  for (const std::string& folder : mount.lower) {
    const std::string path = folders.PathOf(folder);
    if (path.empty()) return errno;
    if (!options.ends_with('=')) options += ':';
    options += path;
  }
  const std::string upper = folders.PathOf(mount.upper);
  if (upper.empty()) return errno;
  const std::string work = folders.PathOf(mount.work);
  if (work.empty()) return errno;
  options += ",upperdir=" + upper + ",workdir=" + work;
  const int error = MountWith(mount.target, options);
  // In a user namespace overlayfs may only write attributes of users.
  return error == EPERM ? MountWith(mount.target, options + ",userxattr") : error;
}

int UnmountUnion(const std::string& target) {
  if (umount2(target.c_str(), UMOUNT_NOFOLLOW) == 0) return 0;
  return errno == EINVAL || errno == ENOENT ? 0 : errno;
}

bool IsMountPoint(const std::string& path) {
  struct statx found {};
  return statx(AT_FDCWD, path.c_str(), AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT, STATX_TYPE, &found) ==
             0 &&
         (found.stx_attributes_mask & found.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
}

}  // namespace hcs::platform
