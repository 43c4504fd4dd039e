#include "core/emulator/layers/folder_below.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>

namespace hcs::emulator {
namespace {

using platform::UniqueFd;

// Below PATH_MAX, with room for one more name.
constexpr size_t kMaxPart = 3500;

UniqueFd OpenPart(int folder, const std::string& path) {
  open_how how{};
  how.flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS;
  const auto fd =
      syscall(SYS_openat2, folder, path.empty() ? "." : path.c_str(), &how, sizeof(how));
  return UniqueFd(static_cast<int>(fd));
}

}  // namespace

UniqueFd OpenFolderBelow(int root, std::string_view path) {
  UniqueFd folder;
  for (;;) {
    const size_t end = path.size() <= kMaxPart ? path.size() : path.rfind('/', kMaxPart);
    folder = OpenPart(folder ? folder.get() : root, std::string(path.substr(0, end)));
    if (!folder || end == path.size()) return folder;
    path.remove_prefix(end + 1);
  }
}

std::string_view FolderPartOf(std::string_view path) {
  const size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

std::string NamePartOf(std::string_view path) {
  return std::string(path.substr(path.rfind('/') + 1));
}

std::string JoinPath(std::string_view folder, std::string_view name) {
  std::string path(folder);
  if (!path.empty()) path += '/';
  return path.append(name);
}

int FolderCache::Open(std::string_view path) {
  if (folder_ && path == path_) return folder_.get();
  folder_ = OpenFolderBelow(root_, path);
  path_ = path;
  return folder_.get();
}

}  // namespace hcs::emulator
