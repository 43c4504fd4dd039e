#include "tests/bench/report.h"

#include <cstdio>
#include <nlohmann/json.hpp>

namespace hcs::bench {
namespace {

std::string Text(double value) {
  char text[32];
  std::snprintf(text, sizeof(text), value < 10 ? "%.3f" : "%.1f", value);
  return text;
}

std::string Text(std::optional<double> value) { return value.has_value() ? Text(*value) : "-"; }

std::string AimOf(const Row& row) {
  if (row.at_most.has_value()) return "<= " + Text(row.at_most);
  if (row.at_least.has_value()) return ">= " + Text(row.at_least);
  return "-";
}

const char* Verdict(const Row& row) {
  const auto met = row.met();
  if (!met.has_value()) return "";
  return *met ? "met" : "MISSED";
}

template <typename Value>
nlohmann::json OrNull(const std::optional<Value>& value) {
  return value.has_value() ? nlohmann::json(*value) : nlohmann::json();
}

}  // namespace

std::optional<double> Row::ratio() const {
  if (!ceiling.has_value() || *ceiling == 0) return std::nullopt;
  return measured / *ceiling;
}

std::optional<bool> Row::met() const {
  const double value = ratio().value_or(measured);
  if (at_most.has_value()) return value <= *at_most;
  if (at_least.has_value()) return value >= *at_least;
  return std::nullopt;
}

void PrintTable(const std::vector<Row>& rows) {
  std::printf("%-52s %10s %10s %-8s %7s %9s\n", "what", "measured", "ceiling", "unit", "ratio",
              "aim");
  for (const Row& row : rows) {
    std::printf("%-52s %10s %10s %-8s %7s %9s %s\n", row.name.c_str(), Text(row.measured).c_str(),
                Text(row.ceiling).c_str(), row.unit.c_str(), Text(row.ratio()).c_str(),
                AimOf(row).c_str(), Verdict(row));
  }
}

std::string ToJson(const std::vector<Row>& rows) {
  nlohmann::json document = {{"rows", nlohmann::json::array()}};
  for (const Row& row : rows) {
    document["rows"].push_back({{"name", row.name},
                                {"unit", row.unit},
                                {"measured", row.measured},
                                {"ceiling", OrNull(row.ceiling)},
                                {"ratio", OrNull(row.ratio())},
                                {"aim", AimOf(row)},
                                {"met", OrNull(row.met())}});
  }
  return document.dump(2);
}

}  // namespace hcs::bench
