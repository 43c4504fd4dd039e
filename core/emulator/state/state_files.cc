#include "core/emulator/state/state_files.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>

namespace hcs::emulator {
namespace {

using platform::UniqueFd;

constexpr mode_t kFileMode = 0600;

}  // namespace

UniqueFd OpenStateFolder(int parent, const std::string& name) {
  return UniqueFd(openat(parent, name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
}

bool LockNamedFolder(const std::string& path, int fd, int operation) {
  while (flock(fd, operation) != 0) {
    if (errno != EINTR) return false;
  }
  struct stat open_one {};
  struct stat named {};
  return fstat(fd, &open_one) == 0 && lstat(path.c_str(), &named) == 0 &&
         open_one.st_ino == named.st_ino && open_one.st_dev == named.st_dev;
}

std::vector<std::string> NamesIn(int folder) {
  std::vector<std::string> names;
  UniqueFd copy(openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  std::unique_ptr<DIR, int (*)(DIR*)> stream(fdopendir(copy.get()), &closedir);
  if (stream == nullptr) return names;
  static_cast<void>(copy.release());
  while (const dirent* entry = readdir(stream.get())) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") names.push_back(name);
  }
  return names;
}

std::optional<std::string> ReadStateFile(int folder, const char* name) {
  const UniqueFd file(openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!file) return std::nullopt;
  std::string content;
  std::array<char, 4096> buffer;
  ssize_t size = 0;
  while ((size = read(file.get(), buffer.data(), buffer.size())) > 0) {
    content.append(buffer.data(), static_cast<size_t>(size));
  }
  return content;
}

int WriteFileAtomically(int folder, const std::string& name, std::string_view content) {
  const std::string draft = name + ".new";
  {
    const UniqueFd file(
        openat(folder, draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, kFileMode));
    if (!file) return errno;
    while (!content.empty()) {
      const ssize_t written = write(file.get(), content.data(), content.size());
      if (written < 0) return errno;
      content.remove_prefix(static_cast<size_t>(written));
    }
  }
  return renameat(folder, draft.c_str(), folder, name.c_str()) == 0 ? 0 : errno;
}

void EmptyAndRemove(int parent, const std::string& name) {
  const UniqueFd folder = OpenStateFolder(parent, name);
  if (!folder) return;
  for (const std::string& entry : NamesIn(folder.get())) {
    if (unlinkat(folder.get(), entry.c_str(), 0) != 0 && errno == EISDIR) {
      EmptyAndRemove(folder.get(), entry);
    }
  }
  unlinkat(parent, name.c_str(), AT_REMOVEDIR);
}

}  // namespace hcs::emulator
