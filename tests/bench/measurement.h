// Times and what they come to.

#ifndef HCS_TESTS_BENCH_MEASUREMENT_H_
#define HCS_TESTS_BENCH_MEASUREMENT_H_

#include <chrono>
#include <cstddef>
#include <vector>

namespace hcs::bench {

using Clock = std::chrono::steady_clock;

inline double SecondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// Seconds that each of many repetitions took.
class Samples {
 public:
  void Add(double seconds) { seconds_.push_back(seconds); }
  // Runs and times it once.
  template <typename Action>
  void Time(Action action) {
    const auto start = Clock::now();
    action();
    Add(SecondsSince(start));
  }

  // `fraction` 0.5 is the median; 0 when there are no samples.
  double Percentile(double fraction) const;
  size_t size() const { return seconds_.size(); }

 private:
  std::vector<double> seconds_;
};

}  // namespace hcs::bench

#endif  // HCS_TESTS_BENCH_MEASUREMENT_H_
