#include <unistd.h>

#include <filesystem>
#include <iterator>

#include "core/platform/process_statistics.h"
#include "tests/conformance/this_system.h"

namespace hcs::conformance {
namespace {

size_t CountEntries(const char* folder) {
  using std::filesystem::directory_iterator;
  return static_cast<size_t>(std::distance(directory_iterator(folder), directory_iterator()));
}

}  // namespace

const Programs& NativePrograms() { return PosixPrograms(); }

size_t OwnHandles() { return CountEntries("/proc/self/fd"); }
size_t OwnThreads() { return CountEntries("/proc/self/task"); }

uint64_t OwnResidentBytes() {
  platform::ProcessStatistics statistics;
  platform::ReadProcessStatistics(getpid(), &statistics);
  return statistics.memory_working_set_private_bytes;
}

std::optional<uint64_t> ProcessorTimeOf(uint32_t process_id) {
  platform::ProcessStatistics statistics;
  if (!platform::ReadProcessStatistics(static_cast<pid_t>(process_id), &statistics)) {
    return std::nullopt;
  }
  return statistics.user_time_100ns + statistics.kernel_time_100ns;
}

}  // namespace hcs::conformance
