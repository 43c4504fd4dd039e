#include "core/emulator/programs/program_search.h"

#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace hcs::emulator {
namespace {

// Where programs are looked for when the environment has no PATH.
constexpr std::string_view kDefaultPath =
    "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
constexpr std::string_view kSuffix = ".exe";

bool EqualsIgnoringCase(std::string_view a, std::string_view b) {
  return a.size() == b.size() && strncasecmp(a.data(), b.data(), a.size()) == 0;
}

// 0 for a file that can be executed, EACCES for one that cannot (or a folder), ENOENT
// for none.
int CheckExecutable(const std::string& path) {
  struct stat status;
  if (stat(path.c_str(), &status) != 0) return errno == EACCES ? EACCES : ENOENT;
  return S_ISREG(status.st_mode) && access(path.c_str(), X_OK) == 0 ? 0 : EACCES;
}

std::string Absolute(std::string_view path, const std::string& working_directory) {
  if (path.starts_with('/') || working_directory.empty()) return std::string(path);
  return working_directory + "/" + std::string(path);
}

// As execvp: an unusable file does not end the search, but is the error if nothing
// better comes.
int SearchFolders(const std::string& name, std::string_view folders,
                  const std::string& working_directory, std::string* path) {
  int error = ENOENT;
  while (true) {
    const size_t end = std::min(folders.find(':'), folders.size());
    const std::string_view folder = folders.substr(0, end);
    const std::string candidate =
        Absolute(folder.empty() ? name : std::string(folder) + "/" + name, working_directory);
    const int result = CheckExecutable(candidate);
    if (result == 0) {
      *path = candidate;
      return 0;
    }
    if (result == EACCES) error = EACCES;
    if (end == folders.size()) return error;
    folders.remove_prefix(end + 1);
  }
}

int FindExactly(const std::string& name, std::string_view folders,
                const std::string& working_directory, std::string* path) {
  if (name.find('/') == std::string::npos) {
    return SearchFolders(name, folders, working_directory, path);
  }
  const std::string candidate = Absolute(name, working_directory);
  const int error = CheckExecutable(candidate);
  if (error == 0) *path = candidate;
  return error;
}

}  // namespace

std::optional<std::string_view> FindVariable(const std::vector<std::string>& environment,
                                             std::string_view name) {
  std::optional<std::string_view> found;
  for (const std::string_view variable : environment) {
    const size_t equals = variable.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view present = variable.substr(0, equals);
    if (present == name) return variable.substr(equals + 1);
    if (!found && EqualsIgnoringCase(present, name)) found = variable.substr(equals + 1);
  }
  return found;
}

std::string ToPosixPath(std::string_view path) {
  const bool has_drive = path.size() >= 3 && (path[0] == 'c' || path[0] == 'C') && path[1] == ':' &&
                         (path[2] == '\\' || path[2] == '/');
  if (has_drive) path.remove_prefix(2);
  std::string posix(path);
  std::replace(posix.begin(), posix.end(), '\\', '/');
  return posix;
}

int FindProgram(std::string_view program, const std::vector<std::string>& environment,
                const std::string& working_directory, std::string* path) {
  if (program.empty()) return ENOENT;
  const std::string_view folders = FindVariable(environment, "PATH").value_or(kDefaultPath);
  const std::string name = ToPosixPath(program);
  const int error = FindExactly(name, folders, working_directory, path);
  const bool has_suffix =
      name.size() > kSuffix.size() &&
      EqualsIgnoringCase(std::string_view(name).substr(name.size() - kSuffix.size()), kSuffix);
  if (error == 0 || !has_suffix) return error;
  const int without =
      FindExactly(name.substr(0, name.size() - kSuffix.size()), folders, working_directory, path);
  return without == ENOENT ? error : without;
}

}  // namespace hcs::emulator
