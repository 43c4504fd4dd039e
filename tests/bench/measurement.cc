#include "tests/bench/measurement.h"

#include <algorithm>

namespace hcs::bench {

double Samples::Percentile(double fraction) const {
  if (seconds_.empty()) return 0;
  std::vector<double> sorted = seconds_;
  std::sort(sorted.begin(), sorted.end());
  const auto index = static_cast<size_t>(fraction * static_cast<double>(sorted.size()));
  return sorted[std::min(index, sorted.size() - 1)];
}

}  // namespace hcs::bench
