// The table of results, for people and as JSON.

#ifndef HCS_TESTS_BENCH_REPORT_H_
#define HCS_TESTS_BENCH_REPORT_H_

#include <optional>
#include <string>
#include <vector>

namespace hcs::bench {

// One figure beside its ceiling. The ratio is measured / ceiling.
struct Row {
  std::string name;
  std::string unit;
  double measured = 0;
  // Without one the figure stands for itself.
  std::optional<double> ceiling;
  // What the ratio, or the figure, must not exceed or fall below.
  std::optional<double> at_most;
  std::optional<double> at_least;

  std::optional<double> ratio() const;
  // nullopt when there is no aim.
  std::optional<bool> met() const;
};

// Prints the rows to standard output.
void PrintTable(const std::vector<Row>& rows);

// {"rows": [{"name", "unit", "measured", "ceiling", "ratio", "aim", "met"}]}.
std::string ToJson(const std::vector<Row>& rows);

}  // namespace hcs::bench

#endif  // HCS_TESTS_BENCH_REPORT_H_
