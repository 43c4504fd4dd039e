// hcsd-layer-bench: the codec of Windows layers beside bsdtar, with the same data in the same
// run.

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "tests/bench/child_process.h"
#include "tests/bench/layer_work.h"
#include "tests/bench/measured_process.h"
#include "tests/bench/report.h"

namespace hcs::bench {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

constexpr int kTurns = 3;

struct Pair {
  ProcessCost ours;
  ProcessCost bsdtars;
};

// In turns, so that what else the machine does hits both. `clean` is called before each.
Pair Measure(const Words& ours, const Words& bsdtars, const std::function<void()>& clean) {
  std::vector<ProcessCost> our_costs, bsdtar_costs;
  for (int i = 0; i < kTurns; ++i) {
    clean();
    our_costs.push_back(RunMeasured(ours));
    clean();
    bsdtar_costs.push_back(RunMeasured(bsdtars));
  }
  return {MedianOf(our_costs), MedianOf(bsdtar_costs)};
}

std::vector<Row> RowsOf(const std::string& name, const Pair& pair, double bytes) {
  constexpr double kMb = 1e6;
  return {{.name = name,
           .unit = "MB/s",
           .measured = bytes / kMb / pair.ours.seconds,
           .ceiling = bytes / kMb / pair.bsdtars.seconds,
           .at_least = 1},
          {.name = name + ", processor time",
           .unit = "s",
           .measured = pair.ours.cpu_seconds,
           .ceiling = pair.bsdtars.cpu_seconds,
           .at_most = 1},
          {.name = name + ", peak memory",
           .unit = "MB",
           .measured = pair.ours.peak_bytes / kMb,
           .ceiling = pair.bsdtars.peak_bytes / kMb}};
}

bool SameBytes(const fs::path& a, const fs::path& b) {
  std::ifstream first(a, std::ios::binary), second(b, std::ios::binary);
  using Bytes = std::istreambuf_iterator<char>;
  return std::equal(Bytes(first), Bytes(), Bytes(second), Bytes());
}

std::vector<Row> RunAll(int entries, const fs::path& work) {
  const std::string self = fs::read_symlink("/proc/self/exe");
  const fs::path tar = work / "layer.tar", again = work / "again.tar", folder = work / "folder";
  // In a process of its own: a child's peak counts in what its parent has when it is made.
  RunMeasured({self, "--entries", std::to_string(entries), "--generate", tar});
  const auto bytes = static_cast<double>(fs::file_size(tar));
  const std::string name = std::to_string(entries) + " entries, " +
                           std::to_string(static_cast<int>(bytes / 1e6)) + " MB: ";
  std::fprintf(stderr, "measuring %d entries\n", entries);

  const Words repack = {self, "--repack", tar, again};
  std::vector<Row> rows =
      RowsOf(name + "tar to tar",
             Measure(repack, {"bsdtar", "--format=pax", "-cf", again, "@" + tar.string()},
                     [&] { fs::remove(again); }),
             bytes);
  RunMeasured(repack);
  if (!SameBytes(tar, again)) throw std::runtime_error("tar to tar gives other bytes");
  fs::remove(again);

  const auto clean = [&] {
    fs::remove_all(folder);
    fs::remove_all(work / "unpacked");
    fs::create_directory(work / "unpacked");
  };
  const Words unpack = {self, "--unpack", tar, folder};
  const Pair unpacked = Measure(unpack, {"bsdtar", "-xf", tar, "-C", work / "unpacked"}, clean);
  for (Row& row : RowsOf("tar to folder", unpacked, bytes)) rows.push_back(std::move(row));

  RunMeasured(unpack);
  const Pair packed = Measure({self, "--pack", folder, again},
                              {"bsdtar", "--format=pax", "-cf", again, "-C", work, "unpacked"},
                              [&] { fs::remove(again); });
  for (Row& row : RowsOf("folder to tar", packed, bytes)) rows.push_back(std::move(row));
  return rows;
}

int Main(int argc, char** argv) {
  CLI::App app("Measures the codec of Windows layers beside bsdtar.");
  int entries = 100'000;
  std::string json = "hcsd-layer-bench.json";
  Words repack, unpack, pack;
  std::string generate;
  app.add_option("--entries", entries, "How many the layer has")->capture_default_str();
  app.add_option("--json", json, "Where to write the results")->capture_default_str();
  app.add_option("--generate", generate, "Only write the layer's tar there");
  app.add_option("--repack", repack, "Only this: TAR TAR; for this program")->expected(2);
  app.add_option("--unpack", unpack, "Only this: TAR FOLDER; for this program")->expected(2);
  app.add_option("--pack", pack, "Only this: FOLDER TAR; for this program")->expected(2);
  CLI11_PARSE(app, argc, argv);
  if (!generate.empty()) GenerateTar(entries, generate);
  if (!repack.empty()) RepackTar(repack[0], repack[1]);
  if (!unpack.empty()) UnpackTar(unpack[0], unpack[1]);
  if (!pack.empty()) PackFolder(pack[0], pack[1]);
  if (!generate.empty() || !repack.empty() || !unpack.empty() || !pack.empty()) return 0;
  const ScratchFolder work;
  const std::vector<Row> rows = RunAll(entries, work.path());
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
    std::fprintf(stderr, "hcsd-layer-bench: %s\n", error.what());
    return 1;
  }
}
