// The one way to a child that costs no more than it must: vfork's, on a stack of its own.

#ifndef HCS_CORE_PLATFORM_CLONE_CHILD_LINUX_H_
#define HCS_CORE_PLATFORM_CLONE_CHILD_LINUX_H_

#include <sys/types.h>

#include <cstddef>

namespace hcs::platform {

// The memory that a child runs on.
struct StackMemory {
  char* bottom = nullptr;
  size_t size = 0;
};

// Runs `main(argument)` in a child that shares the caller's memory; returns its pid when
// it has executed a program or exited, which it must do by system calls alone. -1 with
// errno set when there is no child. The caller has blocked all signals.
pid_t CloneChild(int (*main)(void*), void* argument, StackMemory stack);

// The same, born as a member of the cgroup v2 folder open as `cgroup`: the only way into
// one that does not wait for every processor to take note of the move (7 ms were
// measured). ENOSYS where this processor or kernel cannot.
pid_t CloneChildInto(int cgroup, int (*main)(void*), void* argument, StackMemory stack);

}  // namespace hcs::platform

#endif  // HCS_CORE_PLATFORM_CLONE_CHILD_LINUX_H_
