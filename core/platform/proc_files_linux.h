// What Linux says about processes, in /proc.

#ifndef HCS_CORE_PLATFORM_PROC_FILES_LINUX_H_
#define HCS_CORE_PLATFORM_PROC_FILES_LINUX_H_

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hcs::platform {

// A file of a pseudo file system, whole; nullopt when it cannot be read.
std::optional<std::string> ReadPseudoFile(const std::string& path);

// The number at the start of `text`, blanks before it skipped; nullopt when there is none.
std::optional<uint64_t> ParseNumber(std::string_view text);

// The number after `key` at the start of a line, as in "VmRSS:    4 kB"; 0 without one.
uint64_t NumberAfterKey(std::string_view text, std::string_view key);

// Of /proc/PID/stat. Times are clock ticks (sysconf(_SC_CLK_TCK)).
struct ProcStat {
  std::string command;
  char state = '?';  // R, S, D, T, Z, ...
  pid_t parent = 0;
  uint64_t user_ticks = 0;
  uint64_t kernel_ticks = 0;
  uint64_t reaped_user_ticks = 0;  // Of children that it has waited for.
  uint64_t reaped_kernel_ticks = 0;
  uint64_t start_ticks = 0;  // Since boot.

  bool exited() const { return state == 'Z' || state == 'X'; }
};

std::optional<ProcStat> ReadProcStat(pid_t pid);

struct ProcessEntry {
  pid_t pid;
  ProcStat stat;
};

// Every descendant of `ancestor`, itself left out, zombies included; ascending.
std::vector<ProcessEntry> DescendantsOf(pid_t ancestor);

// Bytes that a process made the disk read and write, those of children that it has
// waited for included; zero where the kernel does not account for them.
struct StorageUse {
  uint64_t read_bytes = 0;
  uint64_t write_bytes = 0;
};

StorageUse ReadStorageUse(pid_t pid);

// The part of the calling process' own figure that came from children it waited for.
StorageUse ReadReapedStorageUse();

uint64_t TicksTo100ns(uint64_t ticks);

}  // namespace hcs::platform

#endif  // HCS_CORE_PLATFORM_PROC_FILES_LINUX_H_
