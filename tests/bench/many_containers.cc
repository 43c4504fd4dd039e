#include <algorithm>
#include <string>

#include "tests/bench/measurement.h"
#include "tests/bench/rows.h"

namespace hcs::bench {
namespace {

constexpr int kGets = 2'000;
constexpr int kLists = 5;

void CreateUpTo(Servers& servers, int from, int to) {
  for (int i = from; i < to; ++i) servers.CreateContainer("many-" + std::to_string(i));
}

struct Measured {
  double get_seconds = 0;
  double list_seconds_each = 0;
};

Measured Measure(Servers& servers, int containers) {
  Samples gets, lists;
  for (int i = 0; i < kGets; ++i) {
    const std::string id = "many-" + std::to_string(int64_t{i} * 7919 % containers);
    gets.Time([&] { servers.GetContainer(id); });
  }
  for (int i = 0; i < kLists; ++i) {
    lists.Time([&] { Require(servers.ListContainers() == containers, "the list is not whole"); });
  }
  return {gets.Percentile(0.5), lists.Percentile(0.5) / containers};
}

}  // namespace

std::vector<Row> ManyContainers(Servers& servers, const Effort& effort) {
  const int few = std::max(effort.containers / 10, 1);
  CreateUpTo(servers, 0, few);
  const Measured with_few = Measure(servers, few);
  const double bytes_before = servers.daemon().AnonymousBytes();
  CreateUpTo(servers, few, effort.containers);
  const double bytes_after = servers.daemon().AnonymousBytes();
  const Measured with_all = Measure(servers, effort.containers);
  servers.TerminateAll();
  const std::string name = std::to_string(effort.containers) + " containers: ";
  return {{.name = name + "get, p50 (with a tenth)",
           .unit = "us",
           .measured = with_all.get_seconds * 1e6,
           .ceiling = with_few.get_seconds * 1e6,
           .at_most = 1.2},
          {.name = name + "list, per container (with a tenth)",
           .unit = "us",
           .measured = with_all.list_seconds_each * 1e6,
           .ceiling = with_few.list_seconds_each * 1e6,
           .at_most = 1.2},
          {.name = name + "daemon memory, each",
           .unit = "KiB",
           .measured = (bytes_after - bytes_before) / (effort.containers - few) / 1024,
           .at_most = 8}};
}

}  // namespace hcs::bench
