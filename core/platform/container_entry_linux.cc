#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <sys/prctl.h>

#include <algorithm>
#include <cerrno>
#include <iterator>

#include "core/platform/container_entry.h"

namespace hcs::platform {
namespace {

struct Capability {
  int number;
  const char* name;
};

// What root in a container is used to, without what reaches beyond the container: it
// shares the machine's network (no CAP_NET_RAW), and device nodes are the machine's
// (no CAP_MKNOD).
constexpr Capability kContainer[] = {
    {CAP_CHOWN, "CAP_CHOWN"},
    {CAP_DAC_OVERRIDE, "CAP_DAC_OVERRIDE"},
    {CAP_FOWNER, "CAP_FOWNER"},
    {CAP_FSETID, "CAP_FSETID"},
    {CAP_KILL, "CAP_KILL"},
    {CAP_SETGID, "CAP_SETGID"},
    {CAP_SETUID, "CAP_SETUID"},
    {CAP_SETPCAP, "CAP_SETPCAP"},
    {CAP_NET_BIND_SERVICE, "CAP_NET_BIND_SERVICE"},
    {CAP_SYS_CHROOT, "CAP_SYS_CHROOT"},
    {CAP_AUDIT_WRITE, "CAP_AUDIT_WRITE"},
    {CAP_SETFCAP, "CAP_SETFCAP"},
};
constexpr Capability kFirstProcessOnly[] = {
    {CAP_SYS_ADMIN, "CAP_SYS_ADMIN"},
    {CAP_SYS_PTRACE, "CAP_SYS_PTRACE"},
};

bool IsContainers(int number) {
  return std::any_of(
      std::begin(kContainer), std::end(kContainer),
      [number](const Capability& capability) { return capability.number == number; });
}

}  // namespace

std::vector<std::string> FirstProcessCapabilities() {
  std::vector<std::string> names;
  const auto add = [&names](const Capability& capability) {
    const bool ours_to_give = prctl(PR_CAPBSET_READ, capability.number, 0, 0, 0) == 1;
    if (ours_to_give) names.emplace_back(capability.name);
  };
  std::for_each(std::begin(kContainer), std::end(kContainer), add);
  std::for_each(std::begin(kFirstProcessOnly), std::end(kFirstProcessOnly), add);
  return names;
}

// The bounding set limits what an execution can give; what this process has stays.
int GuardFirstProcess() {
  for (int number = 0; prctl(PR_CAPBSET_READ, number, 0, 0, 0) >= 0; ++number) {
    if (!IsContainers(number) && prctl(PR_CAPBSET_DROP, number, 0, 0, 0) != 0) return errno;
  }
  return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 ? 0 : errno;
}

UniqueFd OpenMountNamespace() { return UniqueFd(open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC)); }

int EnterMountNamespace(const UniqueFd& mount_namespace) {
  return setns(mount_namespace.get(), CLONE_NEWNS) == 0 ? 0 : errno;
}

}  // namespace hcs::platform
