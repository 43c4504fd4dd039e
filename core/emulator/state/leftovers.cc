#include "core/emulator/state/leftovers.h"

#include <poll.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#include <charconv>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <vector>

#include "core/platform/unique_fd.h"

namespace hcs::emulator {
namespace {

using platform::UniqueFd;
using Clock = std::chrono::steady_clock;

constexpr char kVariable[] = "HCS_EMULATED_SYSTEM=";

std::optional<pid_t> ProcessOf(const std::filesystem::path& folder) {
  const std::string name = folder.filename();
  pid_t process = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), process);
  if (error != std::errc() || end != name.data() + name.size()) return std::nullopt;
  return process;
}

// The environment of a zombie is empty, so it does not count.
bool HasMark(const std::filesystem::path& folder, const std::string& mark) {
  std::ifstream file(folder / "environ", std::ios::binary);
  const std::string environment{std::istreambuf_iterator<char>(file), {}};
  return ('\0' + environment).find('\0' + mark + '\0') != std::string::npos;
}

// Handles rather than numbers, which could be other processes' by now.
std::vector<UniqueFd> MarkedProcesses(const std::string& mark) {
  std::vector<UniqueFd> found;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", ignored)) {
    const std::optional<pid_t> process = ProcessOf(entry.path());
    if (!process) continue;
    UniqueFd handle(static_cast<int>(syscall(SYS_pidfd_open, *process, 0)));
    if (handle && HasMark(entry.path(), mark)) found.push_back(std::move(handle));
  }
  return found;
}

bool AwaitEnd(int handle, Clock::time_point deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
  pollfd ended{handle, POLLIN, 0};
  return left.count() > 0 && poll(&ended, 1, static_cast<int>(left.count())) > 0;
}

}  // namespace

std::string LeftoverMark(std::string_view runtime_id) {
  return kVariable + std::string(runtime_id);
}

bool KillMarkedLeftovers(std::string_view runtime_id, std::chrono::milliseconds timeout) {
  const Clock::time_point deadline = Clock::now() + timeout;
  const std::string mark = LeftoverMark(runtime_id);
  for (std::vector<UniqueFd> found = MarkedProcesses(mark); !found.empty();
       found = MarkedProcesses(mark)) {
    for (const UniqueFd& handle : found) {
      syscall(SYS_pidfd_send_signal, handle.get(), SIGKILL, nullptr, 0);
    }
    for (const UniqueFd& handle : found) {
      if (!AwaitEnd(handle.get(), deadline)) return false;
    }
  }
  return true;
}

}  // namespace hcs::emulator
