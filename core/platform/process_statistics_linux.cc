#include <time.h>
#include <unistd.h>

#include <string_view>

#include "core/platform/proc_files_linux.h"
#include "core/platform/process_statistics.h"

namespace hcs::platform {
namespace {

constexpr uint64_t kKiB = 1024;

std::chrono::system_clock::time_point TimeOfBoot() {
  timespec since_boot;
  clock_gettime(CLOCK_BOOTTIME, &since_boot);
  return std::chrono::system_clock::now() -
         std::chrono::duration_cast<std::chrono::system_clock::duration>(
             std::chrono::seconds(since_boot.tv_sec) +
             std::chrono::nanoseconds(since_boot.tv_nsec));
}

// The executable's name; a program that was replaced on disk is "NAME (deleted)".
std::string ImageName(pid_t pid, const std::string& command) {
  char target[4096];
  const std::string link = "/proc/" + std::to_string(pid) + "/exe";
  const ssize_t length = readlink(link.c_str(), target, sizeof(target));
  if (length <= 0) return command;  // Not ours to look at.
  std::string_view path(target, static_cast<size_t>(length));
  constexpr std::string_view kDeleted = " (deleted)";
  if (path.ends_with(kDeleted)) path.remove_suffix(kDeleted.size());
  return std::string(path.substr(path.rfind('/') + 1));
}

}  // namespace

bool ReadProcessStatistics(pid_t pid, ProcessStatistics* statistics) {
  const auto stat = ReadProcStat(pid);
  if (!stat || stat->exited()) return false;
  const auto status = ReadPseudoFile("/proc/" + std::to_string(pid) + "/status");
  if (!status) return false;
  const auto kib = [&status](std::string_view key) { return NumberAfterKey(*status, key) * kKiB; };

  statistics->process_id = pid;
  statistics->image_name = ImageName(pid, stat->command);
  statistics->create_time =
      TimeOfBoot() + std::chrono::duration_cast<std::chrono::system_clock::duration>(
                         std::chrono::nanoseconds(TicksTo100ns(stat->start_ticks) * 100));
  statistics->kernel_time_100ns = TicksTo100ns(stat->kernel_ticks);
  statistics->user_time_100ns = TicksTo100ns(stat->user_ticks);
  statistics->memory_working_set_private_bytes = kib("RssAnon:");
  statistics->memory_working_set_shared_bytes = kib("RssFile:") + kib("RssShmem:");
  statistics->memory_commit_bytes = kib("RssAnon:") + kib("VmSwap:");
  return true;
}

}  // namespace hcs::platform
