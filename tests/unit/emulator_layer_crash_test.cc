// Processes that are killed in the midst of an operation on a layer: the layer is whole or
// not there, and nothing is left once somebody works in that folder again.
//
// HCS_CRASH_POINTS is how often (200).

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "core/emulator/layers/layer_folder.h"
#include "core/emulator/layers/layer_service.h"
#include "core/layer/backup_stream/stream_header.h"
#include "tests/unit/emulator_test_host.h"

namespace hcs::emulator::test {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

struct Entry {
  ExportedEntry told;
  std::string stream;
  bool operator==(const Entry& other) const {
    return told.name == other.told.name && told.deleted == other.told.deleted &&
           told.info.LastWriteTime == other.told.info.LastWriteTime && stream == other.stream;
  }
};
using Entries = std::vector<Entry>;

std::string Stream(layer::BackupStreamId id, const std::string& data) {
  std::string bytes;
  layer::AppendBackupStreamHeader({.id = id, .size = data.size(), .name = {}}, &bytes);
  return bytes + data;
}

// Folders of files, of some hundred KiB in all; `mark` is in each.
Entries MakeEntries(const std::string& mark) {
  Entries entries;
  for (char16_t folder = u'a'; folder < u'e'; ++folder) {
    const std::u16string name = std::u16string(uR"(\Files\)") + folder;
    Entry entry = {{.name = name, .info = {.FileAttributes = 0x10}}, {}};
    entry.told.info.LastWriteTime = 132223968000000000;
    entries.push_back(entry);
    for (char16_t file = u'a'; file < u'n'; ++file) {
      entry.told.name = name + u"\\" + file;
      entry.told.info.FileAttributes = 0x20;
      entry.stream = Stream(layer::BackupStreamId::kSecurityData, mark) +
                     Stream(layer::BackupStreamId::kData, mark + std::string(9000, 'x'));
      entries.push_back(entry);
    }
  }
  return entries;
}

Status Import(const LayerService& layers, const std::string& folder, const Entries& entries) {
  const auto layer = layers.BeginImport(folder, {});
  if (!layer.ok()) return layer.failure();
  for (const Entry& entry : entries) {
    (*layer)->Add(entry.told.name, entry.told.info);
    (*layer)->Write(entry.stream);
  }
  return layers.EndImport(layer->get());
}

Entries Export(const LayerService& layers, const std::string& folder) {
  const auto layer = layers.BeginExport(folder, {});
  REQUIRE(layer.ok());
  Entries entries;
  std::string buffer(100000, '\0');
  for (Entry entry;; entry = {}) {
    const auto more = (*layer)->Next(&entry.told);
    if (!more.ok()) FAIL(more.failure().message);
    if (!*more) return entries;
    const auto count = (*layer)->Read(buffer.data(), buffer.size());
    REQUIRE(count.ok());
    entry.stream = buffer.substr(0, *count);
    entries.push_back(entry);
  }
}

// Kills a process that does `work`, at a random moment of the time that it takes.
class Killer {
 public:
  // True when the process was still at work.
  bool KillDuring(const std::function<Status()>& work) {
    const auto begin = Clock::now();
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) _exit(work().ok() ? 0 : 1);
    // A wait for the child itself would end too late: the moment is what is tested.
    std::this_thread::sleep_for(longest_ * fraction_(random_));
    kill(child, SIGKILL);
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    const bool killed = WIFSIGNALED(status);
    // It took as long as that at least, or at most: by and by all of its time is hit.
    const std::chrono::duration<double> took = Clock::now() - begin;
    longest_ = killed ? std::max(longest_ * 1.05, took * 1.1) : (longest_ + took) / 2.0;
    if (!killed) REQUIRE(WEXITSTATUS(status) == 0);
    return killed;
  }

 private:
  std::mt19937 random_{20261125};
  std::uniform_real_distribution<double> fraction_{0, 1};
  std::chrono::duration<double> longest_{0.01};
};

class CrashTest {
 public:
  const std::string& home() const { return home_.path(); }
  std::string Layer(const std::string& name) const { return home_.path() + "/" + name; }

  // After somebody has worked in the folder of the layers, there are these alone.
  void CheckNothingLeft(const std::set<std::string>& names) {
    REQUIRE(layers.Destroy(Layer("none")).ok());
    std::set<std::string> found;
    for (const auto& entry : fs::directory_iterator(home())) found.insert(entry.path().filename());
    CHECK(found == names);
    std::ifstream mounts("/proc/self/mountinfo");
    for (std::string line; std::getline(mounts, line);) {
      CHECK(line.find(home()) == std::string::npos);
    }
  }

 private:
  TemporaryFolder state_;
  TemporaryFolder home_;

 public:
  LayerService layers{state_.path()};
  Killer killer;
};

// Of the points, this part's share.
int Points(int part) {
  const char* points = std::getenv("HCS_CRASH_POINTS");
  return (points == nullptr ? 200 : std::atoi(points)) * part / 10;
}

TEST_CASE("an import that is killed leaves all of the layer or none", "[layers]") {
  CrashTest test;
  const Entries entries = MakeEntries("new");
  int killed = 0;
  int whole = 0;
  for (int i = 0; i < Points(4); ++i) {
    killed += test.killer.KillDuring([&] { return Import(test.layers, test.Layer("x"), entries); });
    const bool exists = test.layers.Exists(test.Layer("x"));
    if (exists) {
      ++whole;
      REQUIRE(Export(test.layers, test.Layer("x")) == entries);
      test.CheckNothingLeft({"x"});
      REQUIRE(test.layers.Destroy(test.Layer("x")).ok());
    }
    test.CheckNothingLeft({});
  }
  WARN(killed << " of " << Points(4) << " imports killed, " << whole << " layers whole");
  CHECK(killed > Points(4) / 4);
}

TEST_CASE("an import over a layer that is killed leaves the old layer or the new one", "[layers]") {
  CrashTest test;
  const Entries one = MakeEntries("one");
  const Entries two = MakeEntries("two!");
  REQUIRE(Import(test.layers, test.Layer("x"), one).ok());
  std::ofstream(test.Layer("x") + "/layerchain.json") << "[]";
  int killed = 0;
  bool first = true;
  for (int i = 0; i < Points(2); ++i) {
    killed += test.killer.KillDuring(
        [&] { return Import(test.layers, test.Layer("x"), first ? two : one); });
    const Entries found = Export(test.layers, test.Layer("x"));
    REQUIRE((found == one || found == two));
    first = found == one;
    // What its owner keeps beside the layer's own files is not lost.
    CHECK(fs::exists(test.Layer("x") + "/layerchain.json"));
    test.CheckNothingLeft({"x"});
  }
  CHECK(killed > Points(2) / 4);
}

TEST_CASE("a destroy that is killed leaves all of the layer or none", "[layers]") {
  CrashTest test;
  const Entries entries = MakeEntries("x");
  int killed = 0;
  for (int i = 0; i < Points(2); ++i) {
    if (!test.layers.Exists(test.Layer("x"))) {
      REQUIRE(Import(test.layers, test.Layer("x"), entries).ok());
    }
    killed += test.killer.KillDuring([&] { return test.layers.Destroy(test.Layer("x")); });
    if (test.layers.Exists(test.Layer("x"))) {
      REQUIRE(Export(test.layers, test.Layer("x")) == entries);
      test.CheckNothingLeft({"x"});
    } else {
      test.CheckNothingLeft({});
    }
  }
  CHECK(killed > Points(2) / 4);
}

TEST_CASE("a sandbox that is expanded or made while killed is whole", "[layers]") {
  CrashTest test;
  REQUIRE(Import(test.layers, test.Layer("base"), MakeEntries("x")).ok());
  uint64_t size = 0;
  for (int i = 0; i < Points(2); ++i) {
    const std::string sandbox = test.Layer("sandbox");
    // Many in one process: each alone is over in no time.
    test.killer.KillDuring([&]() -> Status {
      if (!test.layers.Exists(sandbox)) {
        const Status made = test.layers.CreateSandbox(sandbox, {test.Layer("base")});
        if (!made.ok()) return made;
      }
      for (uint64_t more = 1; more < 50; ++more) {
        const Status expanded = test.layers.ExpandSandbox(sandbox, size + more);
        if (!expanded.ok()) return expanded;
      }
      return {};
    });
    if (!test.layers.Exists(sandbox)) {
      test.CheckNothingLeft({"base"});
      continue;
    }
    const auto state = ReadLayerState(sandbox);
    REQUIRE(state.ok());
    CHECK(state->parents == std::vector<std::string>{test.Layer("base")});
    CHECK(state->size_bytes >= size);
    size = state->size_bytes;
    REQUIRE(test.layers.Activate(sandbox).ok());
    REQUIRE(test.layers.Deactivate(sandbox).ok());
    test.CheckNothingLeft({"base", "sandbox"});
    if (i % 4 == 0) {
      REQUIRE(test.layers.Destroy(sandbox).ok());
      size = 0;
    }
  }
}

}  // namespace
}  // namespace hcs::emulator::test
