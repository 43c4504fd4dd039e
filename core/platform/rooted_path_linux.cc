#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "core/platform/rooted_path.h"

namespace hcs::platform {
namespace {

constexpr mode_t kFolderMode = 0755;
constexpr mode_t kFileMode = 0644;

UniqueFd OpenIn(const UniqueFd& root, const std::string& path, uint64_t flags) {
  open_how how{};
  how.flags = flags | O_CLOEXEC;
  how.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;
  return UniqueFd(static_cast<int>(
      syscall(SYS_openat2, root.get(), path.empty() ? "/" : path.c_str(), &how, sizeof(how))));
}

// The folder that holds the last part of a path, open, and that part.
struct Place {
  UniqueFd folder;
  std::string name;
};

Place PlaceOf(const UniqueFd& root, const std::string& path) {
  const size_t slash = path.rfind('/');
  const std::string above = slash == std::string::npos ? "" : path.substr(0, slash);
  return {OpenIn(root, above, O_PATH | O_DIRECTORY), path.substr(slash + 1)};
}

}  // namespace

std::vector<std::string> MissingParts(const UniqueFd& root, const std::string& path) {
  std::vector<std::string> missing;
  for (size_t end = 0; end != std::string::npos;) {
    end = path.find('/', end + 1);
    const std::string part = path.substr(0, end);
    if (missing.empty() && OpenIn(root, part, O_PATH)) continue;
    if (missing.empty() && errno != ENOENT) return {};
    missing.push_back(part);
  }
  return missing;
}

int MakeEmptyFolder(const UniqueFd& root, const std::string& path) {
  const Place place = PlaceOf(root, path);
  if (!place.folder) return errno;
  const bool made = mkdirat(place.folder.get(), place.name.c_str(), kFolderMode) == 0;
  return made || errno == EEXIST ? 0 : errno;
}

int MakeEmptyFile(const UniqueFd& root, const std::string& path) {
  const Place place = PlaceOf(root, path);
  if (!place.folder) return errno;
  const UniqueFd file(openat(place.folder.get(), place.name.c_str(),
                             O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kFileMode));
  return file || errno == EEXIST ? 0 : errno;
}

void RemoveIfEmpty(const UniqueFd& root, const std::string& path) {
  const Place place = PlaceOf(root, path);
  struct stat status {};
  if (!place.folder ||
      fstatat(place.folder.get(), place.name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
    return;
  }
  if (S_ISDIR(status.st_mode)) unlinkat(place.folder.get(), place.name.c_str(), AT_REMOVEDIR);
  if (S_ISREG(status.st_mode) && status.st_size == 0) {
    unlinkat(place.folder.get(), place.name.c_str(), 0);
  }
}

}  // namespace hcs::platform
