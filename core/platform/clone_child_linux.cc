#include "core/platform/clone_child_linux.h"

#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>

#include <cerrno>
#include <cstdint>

namespace hcs::platform {
namespace {

// glibc wraps clone3 for its own use only. The child starts after the system call with
// the registers of its parent and an empty stack, so it must not return from here.
#if defined(__x86_64__)
int64_t Clone3(clone_args* arguments, int (*main)(void*), void* argument) {
  int64_t result = SYS_clone3;
  asm volatile(
      "syscall\n\t"
      "testq %%rax, %%rax\n\t"
      "jnz 1f\n\t"
      "xorl %%ebp, %%ebp\n\t"
      "movq %[argument], %%rdi\n\t"
      "callq *%[main]\n\t"
      "ud2\n"
      "1:"
      : "+a"(result)
      : "D"(arguments), "S"(sizeof(*arguments)), [main] "r"(main), [argument] "r"(argument)
      : "rcx", "r11", "memory", "cc");
  return result;
}
#elif defined(__aarch64__)
int64_t Clone3(clone_args* arguments, int (*main)(void*), void* argument) {
  register int64_t number asm("x8") = SYS_clone3;
  register uint64_t first asm("x0") = reinterpret_cast<uint64_t>(arguments);
  register uint64_t second asm("x1") = sizeof(*arguments);
  asm volatile(
      "svc #0\n\t"
      "cbnz x0, 1f\n\t"
      "mov x29, xzr\n\t"
      "mov x0, %[argument]\n\t"
      "blr %[main]\n\t"
      "brk #0\n"
      "1:"
      : "+r"(first)
      : "r"(number), "r"(second), [main] "r"(main), [argument] "r"(argument)
      : "x30", "memory", "cc");
  return static_cast<int64_t>(first);
}
#else
int64_t Clone3(clone_args*, int (*)(void*), void*) { return -ENOSYS; }
#endif

constexpr int kNoCgroup = 0;

pid_t Start(uint64_t flags, int cgroup, int (*main)(void*), void* argument, StackMemory stack) {
  clone_args arguments = {};
  arguments.flags = flags;
  arguments.exit_signal = SIGCHLD;
  arguments.stack = reinterpret_cast<uint64_t>(stack.bottom);
  arguments.stack_size = stack.size;
  arguments.cgroup = static_cast<uint64_t>(cgroup);
  const int64_t result = Clone3(&arguments, main, argument);
  if (result >= 0) return static_cast<pid_t>(result);
  errno = static_cast<int>(-result);
  return -1;
}

}  // namespace

pid_t CloneChild(int (*main)(void*), void* argument, StackMemory stack) {
  // Not by glibc's clone where there is another way: ThreadSanitizer takes that for a
  // fork, and no longer sees what the calling thread does.
  const pid_t pid = Start(CLONE_VM | CLONE_VFORK, kNoCgroup, main, argument, stack);
  if (pid >= 0 || errno != ENOSYS) return pid;
  return clone(main, stack.bottom + stack.size, CLONE_VM | CLONE_VFORK | SIGCHLD, argument);
}

pid_t CloneChildInto(int cgroup, int (*main)(void*), void* argument, StackMemory stack) {
  return Start(CLONE_VM | CLONE_VFORK | CLONE_INTO_CGROUP, cgroup, main, argument, stack);
}

}  // namespace hcs::platform
