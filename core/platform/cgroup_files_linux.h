// Control groups as folders: where they are mounted, and what is done to one.

#ifndef HCS_CORE_PLATFORM_CGROUP_FILES_LINUX_H_
#define HCS_CORE_PLATFORM_CGROUP_FILES_LINUX_H_

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hcs::platform {

// One mounted hierarchy.
struct CgroupMount {
  bool unified = false;                  // Version 2.
  std::string hierarchy;                 // The number of its device.
  std::vector<std::string> controllers;  // Version 1: those bound to it.
  std::string root;                      // Where it is mounted.
  // The calling process' own folder in it; the root where that cannot be seen.
  std::string own;
};

// Each hierarchy once, however often it is mounted.
std::vector<CgroupMount> ReadCgroupMounts();

// A folder of a hierarchy. Copyable: it is a path, and owns nothing.
class CgroupFolder {
 public:
  CgroupFolder() = default;
  explicit CgroupFolder(std::string path) : path_(std::move(path)) {}

  const std::string& path() const { return path_; }
  std::string File(std::string_view name) const { return path_ + "/" + std::string(name); }
  bool Has(std::string_view name) const;

  // 0, or an errno value.
  int Write(std::string_view name, std::string_view value) const;

  // nullopt when it cannot be read.
  std::optional<std::string> Read(std::string_view name) const;
  std::optional<uint64_t> ReadNumber(std::string_view name) const;

  // Its processes that have not exited, ascending.
  std::vector<pid_t> Members() const;

  // Makes the folder, and those between it and `base`, an existing one above it.
  // 0, or an errno value (EEXIST when it is there already).
  int Make(const std::string& base) const;

  // Removes it, and those between it and `base` that are empty then. 0 also when it is
  // not there; EBUSY while it has processes or folders.
  int Remove(const std::string& base) const;

 private:
  std::string path_;
};

// SIGKILL for `pids`, then waits until all of them have exited (reaped or not).
// False when time ran out.
bool KillAndAwait(const std::vector<pid_t>& pids, std::chrono::steady_clock::time_point deadline);

// A pause of up to a millisecond while waiting for what the kernel tells nobody about:
// version 1's freezer has no event, nor has the end of a folder's last process.
void PauseBriefly();

// "major:minor" of the whole disk that holds `path`, as the storage controllers want
// it; nullopt where there is none (tmpfs, overlay, network).
std::optional<std::string> DiskOf(const std::string& path);

}  // namespace hcs::platform

#endif  // HCS_CORE_PLATFORM_CGROUP_FILES_LINUX_H_
