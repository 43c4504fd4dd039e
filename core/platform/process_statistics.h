// What processes consume, in the units of the host's documents.

#ifndef HCS_CORE_PLATFORM_PROCESS_STATISTICS_H_
#define HCS_CORE_PLATFORM_PROCESS_STATISTICS_H_

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <string>

namespace hcs::platform {

// Of a whole container; the members are named as in HCS' Statistics document.
struct ScopeStatistics {
  uint64_t memory_commit_bytes = 0;
  uint64_t memory_commit_peak_bytes = 0;
  uint64_t memory_private_working_set_bytes = 0;
  // 100 ns units; exited processes are included. total = user + kernel.
  uint64_t processor_total_100ns = 0;
  uint64_t processor_user_100ns = 0;
  uint64_t processor_kernel_100ns = 0;
  // What went to and came from the disk; counts are in 8 KiB operations.
  uint64_t read_count_normalized = 0;
  uint64_t read_bytes = 0;
  uint64_t write_count_normalized = 0;
  uint64_t write_bytes = 0;
};

// Of one process; HCS' "process list item".
struct ProcessStatistics {
  pid_t process_id = 0;
  std::string image_name;  // The last component of its executable's path, else its command name.
  std::chrono::system_clock::time_point create_time;
  uint64_t kernel_time_100ns = 0;
  uint64_t user_time_100ns = 0;
  uint64_t memory_commit_bytes = 0;  // Private: resident or swapped out.
  uint64_t memory_working_set_private_bytes = 0;
  uint64_t memory_working_set_shared_bytes = 0;
};

// False when the process has gone.
bool ReadProcessStatistics(pid_t pid, ProcessStatistics* statistics);

}  // namespace hcs::platform

#endif  // HCS_CORE_PLATFORM_PROCESS_STATISTICS_H_
