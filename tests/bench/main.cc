// hcsd-bench: the daemon beside ceilings measured in the same run.

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "tests/bench/ceiling_server.h"
#include "tests/bench/rows.h"

namespace hcs::bench {
namespace {

struct Bench {
  const char* name;
  std::vector<Row> (*run)(Servers&, const Effort&);
};

constexpr Bench kBenches[] = {
    {"unary", UnaryLatency}, {"stdout", StdoutThroughput}, {"stdin", StdinThroughput},
    {"exec", ExecLatency},   {"streams", ManyStreams},     {"containers", ManyContainers},
};

// Each in front of fresh servers.
std::vector<Row> RunAll(const std::string& only, const Effort& effort) {
  const std::string self = std::filesystem::read_symlink("/proc/self/exe");
  std::vector<Row> rows;
  for (const Bench& bench : kBenches) {
    if (!only.empty() && only != bench.name) continue;
    std::fprintf(stderr, "measuring %s\n", bench.name);
    Servers servers(self);
    for (Row& row : bench.run(servers, effort)) rows.push_back(std::move(row));
  }
  return rows;
}

int Main(int argc, char** argv) {
  CLI::App app("Measures hcsd beside what gRPC and the system alone can do.");
  bool quick = false;
  std::string json = "hcsd-bench.json", only, ceiling_address;
  app.add_flag("--quick", quick, "A small part of everything, to see that it works");
  app.add_option("--json", json, "Where to write the results")->capture_default_str();
  app.add_option("--only", only, "unary, stdout, stdin, exec, streams or containers")
      ->check(CLI::IsMember({"unary", "stdout", "stdin", "exec", "streams", "containers"}));
  app.add_option("--serve-ceiling", ceiling_address, "Serve the ceilings there; for this program");
  CLI11_PARSE(app, argc, argv);
  if (!ceiling_address.empty()) return ServeCeiling(ceiling_address);
  const std::vector<Row> rows = RunAll(only, quick ? Effort::Quick() : Effort());
  PrintTable(rows);
  std::ofstream(json) << ToJson(rows) << "\n";
  return 0;
}

}  // namespace
}  // namespace hcs::bench

int main(int argc, char** argv) {
  try {
    return hcs::bench::Main(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "hcsd-bench: %s\n", error.what());
    return 1;
  }
}
