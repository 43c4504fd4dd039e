#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <stdexcept>

#include "core/emulator/layers/volume_paths.h"
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

TemporaryFolder::TemporaryFolder() {
  std::string pattern = std::filesystem::temp_directory_path() / "hcs-conformance-XXXXXX";
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string HostPath(const std::filesystem::path& path) {
  std::string text = "C:" + path.native();
  std::replace(text.begin(), text.end(), '/', '\\');
  return text;
}

std::filesystem::path OpenablePath(const std::string& host_path,
                                   const std::string& emulator_state) {
  const auto path = emulator::Volumes(emulator_state).Resolve(host_path);
  if (!path.ok()) throw std::runtime_error(path.failure().message);
  return *path;
}

}  // namespace hcs::conformance
