// Several folders seen as one: a mount that outlives the process that made it.

#ifndef HCS_CORE_PLATFORM_UNION_MOUNT_H_
#define HCS_CORE_PLATFORM_UNION_MOUNT_H_

#include <string>
#include <vector>

namespace hcs::platform {

struct UnionMount {
  std::vector<std::string> lower;  // Nearest first, at least one; never written to.
  std::string upper;               // Gets every change.
  std::string work;                // An empty folder beside `upper`, for the file system.
  std::string target;
};

// 0, or an errno value: EPERM without the right to mount. Paths may have any
// characters; some 200 lower folders fit.
int MountUnion(const UnionMount& mount);

// 0 also when nothing is mounted; EBUSY while a process uses it.
int UnmountUnion(const std::string& target);

// Whether something is mounted there, by whichever process.
bool IsMountPoint(const std::string& path);

}  // namespace hcs::platform

#endif  // HCS_CORE_PLATFORM_UNION_MOUNT_H_
