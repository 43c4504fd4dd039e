#include "tests/bench/measured_process.h"

#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <stdexcept>

#include "tests/bench/measurement.h"

namespace hcs::bench {
namespace {

double SecondsOf(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

}  // namespace

ProcessCost RunMeasured(std::vector<std::string> command_line) {
  std::vector<char*> argv;
  for (std::string& word : command_line) argv.push_back(word.data());
  argv.push_back(nullptr);
  const auto start = Clock::now();
  pid_t pid = -1;
  if (posix_spawnp(&pid, argv[0], nullptr, nullptr, argv.data(), environ) != 0) {
    throw std::runtime_error("cannot start " + command_line[0]);
  }
  int status = 0;
  rusage usage{};
  if (wait4(pid, &status, 0, &usage) != pid || status != 0) {
    throw std::runtime_error(command_line[0] + " failed");
  }
  return {SecondsSince(start), SecondsOf(usage.ru_utime) + SecondsOf(usage.ru_stime),
          static_cast<double>(usage.ru_maxrss) * 1024};
}

ProcessCost MedianOf(const std::vector<ProcessCost>& costs) {
  Samples seconds, cpu_seconds, peaks;
  for (const ProcessCost& cost : costs) {
    seconds.Add(cost.seconds);
    cpu_seconds.Add(cost.cpu_seconds);
    peaks.Add(cost.peak_bytes);
  }
  return {seconds.Percentile(0.5), cpu_seconds.Percentile(0.5), peaks.Percentile(0.5)};
}

}  // namespace hcs::bench
