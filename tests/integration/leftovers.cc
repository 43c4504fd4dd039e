#include "tests/integration/leftovers.h"

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <system_error>

#include "tests/integration/eventually.h"

namespace hcs::integration {
namespace {

namespace fs = std::filesystem;

std::string TextOf(const fs::path& path) {
  // A process may end while its file is read: that sets the stream's bad bit,
  // where an iterator would throw.
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return std::move(text).str();
}

template <typename Predicate>
std::vector<pid_t> ProcessesThat(Predicate predicate) {
  std::vector<pid_t> found;
  std::error_code gone;
  for (const auto& entry : fs::directory_iterator("/proc", gone)) {
    const pid_t pid = std::atoi(entry.path().filename().c_str());
    if (pid > 0 && predicate(entry.path())) found.push_back(pid);
  }
  return found;
}

bool HoldsFileIn(const fs::path& descriptors, const std::string& folder) {
  std::error_code gone;
  for (const auto& entry : fs::directory_iterator(descriptors, gone)) {
    if (fs::read_symlink(entry.path(), gone).string().starts_with(folder)) return true;
  }
  return false;
}

size_t EntriesOf(const fs::path& folder) {
  std::error_code gone;
  const fs::directory_iterator entries(folder, gone);
  return gone ? 0 : std::distance(entries, fs::directory_iterator());
}

}  // namespace

std::vector<pid_t> WorkersOf(const std::string& state) {
  return ProcessesThat([&](const fs::path& process) {
    return TextOf(process / "comm") == "hcs-worker\n" && HoldsFileIn(process / "fd", state);
  });
}

std::vector<pid_t> ProcessesWith(const std::string& text) {
  return ProcessesThat([&](const fs::path& process) {
    return TextOf(process / "cmdline").find(text) != std::string::npos;
  });
}

void KillWorkersOf(const std::string& state) {
  for (const pid_t pid : WorkersOf(state)) kill(pid, SIGKILL);
  Eventually([&] { return WorkersOf(state).empty(); });
}

std::vector<std::string> SystemFoldersOf(const std::string& state) {
  std::vector<std::string> folders;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(state + "/host/systems", none)) {
    folders.push_back(entry.path().filename());
  }
  return folders;
}

int DescriptorsOf(pid_t pid) {
  return static_cast<int>(EntriesOf(fs::path("/proc") / std::to_string(pid) / "fd"));
}

int ThreadsOf(pid_t pid) {
  return static_cast<int>(EntriesOf(fs::path("/proc") / std::to_string(pid) / "task"));
}

long ResidentKib(pid_t pid) {
  std::istringstream status(TextOf(fs::path("/proc") / std::to_string(pid) / "status"));
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("RssAnon:")) return std::atol(line.c_str() + 8);
  }
  return 0;
}

}  // namespace hcs::integration
