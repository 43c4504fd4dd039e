// A program that is run to its end and measured.

#ifndef HCS_TESTS_BENCH_MEASURED_PROCESS_H_
#define HCS_TESTS_BENCH_MEASURED_PROCESS_H_

#include <string>
#include <vector>

namespace hcs::bench {

struct ProcessCost {
  double seconds = 0;      // By the clock on the wall.
  double cpu_seconds = 0;  // Of its own, in user mode and in the kernel.
  double peak_bytes = 0;   // Of resident memory.
};

// Found on the path. Throws std::runtime_error when it does not exit with 0.
ProcessCost RunMeasured(std::vector<std::string> command_line);

// Of each figure the median.
ProcessCost MedianOf(const std::vector<ProcessCost>& costs);

}  // namespace hcs::bench

#endif  // HCS_TESTS_BENCH_MEASURED_PROCESS_H_
