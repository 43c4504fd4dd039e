#include "core/platform/cgroup_files_linux.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <map>
#include <sstream>

#include "core/platform/proc_files_linux.h"
#include "core/platform/unique_fd.h"

namespace hcs::platform {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::string_view kUnifiedKey;  // /proc/self/cgroup names no controller for it.

std::vector<std::string> Split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  std::stringstream stream{std::string(text)};
  for (std::string part; std::getline(stream, part, separator);) parts.push_back(part);
  return parts;
}

// Controller -> the calling process' path in its hierarchy, relative to its root.
std::map<std::string, std::string, std::less<>> OwnPaths() {
  std::map<std::string, std::string, std::less<>> paths;
  for (const std::string& line : Split(ReadPseudoFile("/proc/self/cgroup").value_or(""), '\n')) {
    const size_t first = line.find(':');
    const size_t second = line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string path = line.substr(second + 1);
    const std::string controllers = line.substr(first + 1, second - first - 1);
    if (controllers.empty()) paths.emplace(kUnifiedKey, path);
    for (const std::string& controller : Split(controllers, ',')) paths.emplace(controller, path);
  }
  return paths;
}

// `own` is relative to the hierarchy, `mounted` the part of it that the mount shows.
std::string OwnFolder(const std::string& root, const std::string& mounted, std::string own) {
  if (mounted != "/") {
    if (own.compare(0, mounted.size(), mounted) != 0) return root;
    own.erase(0, mounted.size());
  }
  const std::string folder = own == "/" || own.empty() ? root : root + own;
  return access(folder.c_str(), F_OK) == 0 ? folder : root;
}

// A line of mountinfo: "id parent DEVICE ROOT MOUNTPOINT options... - TYPE source SUPEROPTIONS".
std::optional<CgroupMount> ParseMount(
    const std::string& line, const std::map<std::string, std::string, std::less<>>& own_paths) {
  const size_t separator = line.find(" - ");
  if (separator == std::string::npos) return std::nullopt;
  const auto before = Split(std::string_view(line).substr(0, separator), ' ');
  const auto after = Split(std::string_view(line).substr(separator + 3), ' ');
  if (before.size() < 5 || after.size() < 3) return std::nullopt;
  if (after[0] != "cgroup" && after[0] != "cgroup2") return std::nullopt;

  CgroupMount mount{.unified = after[0] == "cgroup2", .hierarchy = before[2], .root = before[4]};
  std::string own = "/";
  if (mount.unified) {
    if (const auto found = own_paths.find(kUnifiedKey); found != own_paths.end())
      own = found->second;
  } else {
    for (const std::string& option : Split(after[2], ',')) {
      const auto found = own_paths.find(option);
      if (found == own_paths.end()) continue;
      mount.controllers.push_back(option);
      own = found->second;
    }
  }
  mount.own = OwnFolder(mount.root, before[3], own);
  return mount;
}

int MakeFolders(const std::filesystem::path& folder, const std::filesystem::path& base) {
  const std::filesystem::path parent = folder.parent_path();
  if (parent != base && parent.native().size() > base.native().size()) {
    const int error = MakeFolders(parent, base);
    if (error != 0 && error != EEXIST) return error;
  }
  return mkdir(folder.c_str(), 0755) == 0 ? 0 : errno;
}

}  // namespace

std::vector<CgroupMount> ReadCgroupMounts() {
  const auto own_paths = OwnPaths();
  std::vector<CgroupMount> mounts;
  for (const auto& line : Split(ReadPseudoFile("/proc/self/mountinfo").value_or(""), '\n')) {
    auto mount = ParseMount(line, own_paths);
    if (!mount) continue;
    // Bound to a second place, as into a chroot, it is still one hierarchy.
    const bool seen = std::any_of(mounts.begin(), mounts.end(), [&](const CgroupMount& other) {
      return other.hierarchy == mount->hierarchy;
    });
    if (!seen) mounts.push_back(*std::move(mount));
  }
  return mounts;
}

bool CgroupFolder::Has(std::string_view name) const {
  return access(File(name).c_str(), F_OK) == 0;
}

int CgroupFolder::Write(std::string_view name, std::string_view value) const {
  const UniqueFd file(open(File(name).c_str(), O_WRONLY | O_CLOEXEC));
  if (!file) return errno;
  return write(file.get(), value.data(), value.size()) < 0 ? errno : 0;
}

std::optional<std::string> CgroupFolder::Read(std::string_view name) const {
  return ReadPseudoFile(File(name));
}

std::optional<uint64_t> CgroupFolder::ReadNumber(std::string_view name) const {
  const auto text = Read(name);
  return text ? ParseNumber(*text) : std::nullopt;
}

std::vector<pid_t> CgroupFolder::Members() const {
  std::vector<pid_t> members;
  for (const std::string& line : Split(Read("cgroup.procs").value_or(""), '\n')) {
    const auto pid = ParseNumber(line);
    if (!pid || *pid == 0) continue;  // 0 is a process of an outer pid namespace.
    const auto stat = ReadProcStat(static_cast<pid_t>(*pid));
    if (stat && !stat->exited()) members.push_back(static_cast<pid_t>(*pid));
  }
  std::sort(members.begin(), members.end());
  return members;
}

int CgroupFolder::Make(const std::string& base) const {
  // Another scope's Remove may take a shared parent away between two steps of this.
  int error = 0;
  for (int attempt = 0; attempt < 100; ++attempt) {
    error = MakeFolders(path_, base);
    if (error != ENOENT) break;
  }
  return error;
}

int CgroupFolder::Remove(const std::string& base) const {
  if (rmdir(path_.c_str()) != 0 && errno != ENOENT) return errno;
  std::filesystem::path parent = std::filesystem::path(path_).parent_path();
  while (parent.native().size() > base.size() && rmdir(parent.c_str()) == 0) {
    parent = parent.parent_path();
  }
  return 0;
}

bool KillAndAwait(const std::vector<pid_t>& pids, Clock::time_point deadline) {
  std::vector<UniqueFd> processes;
  for (const pid_t pid : pids) {
    UniqueFd process(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
    kill(pid, SIGKILL);
    if (process) processes.push_back(std::move(process));
  }
  for (const UniqueFd& process : processes) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    pollfd poll_entry = {.fd = process.get(), .events = POLLIN, .revents = 0};
    const int timeout = static_cast<int>(std::max<int64_t>(left.count(), 0));
    int ready = 0;
    do {
      ready = poll(&poll_entry, 1, timeout);
    } while (ready < 0 && errno == EINTR);
    if (ready == 0) return false;
  }
  return true;
}

void PauseBriefly() {
  const timespec pause = {.tv_sec = 0, .tv_nsec = 200'000};
  nanosleep(&pause, nullptr);
}

std::optional<std::string> DiskOf(const std::string& path) {
  struct stat status;
  if (stat(path.c_str(), &status) != 0) return std::nullopt;
  const std::string numbers =
      std::to_string(major(status.st_dev)) + ":" + std::to_string(minor(status.st_dev));
  const std::string device = "/sys/dev/block/" + numbers;
  if (access(device.c_str(), F_OK) != 0) return std::nullopt;
  if (access((device + "/partition").c_str(), F_OK) != 0) return numbers;
  // A partition's folder lies within its disk's.
  auto disk = ReadPseudoFile(device + "/../dev");
  if (disk && disk->ends_with('\n')) disk->pop_back();
  return disk;
}

}  // namespace hcs::platform
