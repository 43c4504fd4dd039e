#include "core/platform/proc_files_linux.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <map>
#include <memory>

#include "core/platform/unique_fd.h"

namespace hcs::platform {
namespace {

// The numeric names in a folder: processes of /proc, threads of /proc/PID/task.
std::vector<pid_t> NumericEntries(const std::string& folder) {
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(opendir(folder.c_str()), closedir);
  std::vector<pid_t> numbers;
  if (directory == nullptr) return numbers;
  while (const dirent* entry = readdir(directory.get())) {
    if (const auto number = ParseNumber(entry->d_name)) {
      numbers.push_back(static_cast<pid_t>(*number));
    }
  }
  return numbers;
}

// Splits at single blanks.
std::vector<std::string_view> Fields(std::string_view text) {
  std::vector<std::string_view> fields;
  while (!text.empty()) {
    const size_t end = std::min(text.find(' '), text.size());
    fields.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return fields;
}

StorageUse ParseStorageUse(const std::string& path) {
  const std::string text = ReadPseudoFile(path).value_or("");
  return {.read_bytes = NumberAfterKey(text, "read_bytes:"),
          .write_bytes = NumberAfterKey(text, "write_bytes:")};
}

uint64_t Difference(uint64_t whole, uint64_t part) { return whole > part ? whole - part : 0; }

}  // namespace

std::optional<std::string> ReadPseudoFile(const std::string& path) {
  const UniqueFd file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return std::nullopt;
  std::string text;
  char buffer[4096];
  while (true) {
    const ssize_t count = read(file.get(), buffer, sizeof(buffer));
    if (count == 0) return text;
    if (count > 0) {
      text.append(buffer, static_cast<size_t>(count));
    } else if (errno != EINTR) {
      return std::nullopt;
    }
  }
}

std::optional<uint64_t> ParseNumber(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  uint64_t number = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  if (parsed.ec != std::errc()) return std::nullopt;
  return number;
}

uint64_t NumberAfterKey(std::string_view text, std::string_view key) {
  while (!text.empty()) {
    if (text.substr(0, key.size()) == key) return ParseNumber(text.substr(key.size())).value_or(0);
    const size_t line_end = text.find('\n');
    if (line_end == std::string_view::npos) break;
    text.remove_prefix(line_end + 1);
  }
  return 0;
}

std::optional<ProcStat> ReadProcStat(pid_t pid) {
  const auto text = ReadPseudoFile("/proc/" + std::to_string(pid) + "/stat");
  if (!text) return std::nullopt;
  // "PID (command) S PARENT ...": the command may itself hold blanks and parentheses.
  const size_t open = text->find('(');
  const size_t close = text->rfind(')');
  if (open == std::string::npos || close == std::string::npos) return std::nullopt;
  const auto fields = Fields(std::string_view(*text).substr(close + 2));
  if (fields.size() < 20 || fields[0].empty()) return std::nullopt;
  const auto number = [&fields](size_t i) { return ParseNumber(fields[i]).value_or(0); };
  return ProcStat{.command = text->substr(open + 1, close - open - 1),
                  .state = fields[0][0],
                  .parent = static_cast<pid_t>(number(1)),
                  .user_ticks = number(11),
                  .kernel_ticks = number(12),
                  .reaped_user_ticks = number(13),
                  .reaped_kernel_ticks = number(14),
                  .start_ticks = number(19)};
}

std::vector<ProcessEntry> DescendantsOf(pid_t ancestor) {
  std::map<pid_t, ProcStat> all;
  for (const pid_t pid : NumericEntries("/proc")) {
    if (auto stat = ReadProcStat(pid)) all.emplace(pid, *std::move(stat));
  }
  std::multimap<pid_t, pid_t> children;
  for (const auto& [pid, stat] : all) children.emplace(stat.parent, pid);

  std::vector<ProcessEntry> descendants;
  std::vector<pid_t> to_visit = {ancestor};
  while (!to_visit.empty()) {
    const auto [first, last] = children.equal_range(to_visit.back());
    to_visit.pop_back();
    for (auto child = first; child != last; ++child) {
      to_visit.push_back(child->second);
      descendants.push_back({child->second, all.at(child->second)});
    }
  }
  std::sort(descendants.begin(), descendants.end(),
            [](const ProcessEntry& a, const ProcessEntry& b) { return a.pid < b.pid; });
  return descendants;
}

StorageUse ReadStorageUse(pid_t pid) {
  return ParseStorageUse("/proc/" + std::to_string(pid) + "/io");
}

StorageUse ReadReapedStorageUse() {
  // A process' figure is its threads' plus that of what it waited for.
  StorageUse use = ParseStorageUse("/proc/self/io");
  for (const pid_t thread : NumericEntries("/proc/self/task")) {
    const StorageUse own = ParseStorageUse("/proc/self/task/" + std::to_string(thread) + "/io");
    use.read_bytes = Difference(use.read_bytes, own.read_bytes);
    use.write_bytes = Difference(use.write_bytes, own.write_bytes);
  }
  return use;
}

uint64_t TicksTo100ns(uint64_t ticks) {
  static const auto ticks_per_second = static_cast<uint64_t>(sysconf(_SC_CLK_TCK));
  return ticks * (10'000'000 / ticks_per_second);
}

}  // namespace hcs::platform
