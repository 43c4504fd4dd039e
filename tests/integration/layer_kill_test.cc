#include <catch2/catch.hpp>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <future>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "tests/integration/layer_streams.h"

namespace hcs::integration {
namespace {

namespace fs = std::filesystem;
using std::chrono::microseconds;
using Clock = std::chrono::steady_clock;

// How many times the daemon is killed in each case: HCSD_KILLS, or so few that the cases
// take some seconds.
int Kills() {
  const char* text = std::getenv("HCSD_KILLS");
  return text == nullptr ? 5 : std::atoi(text);
}

// Many small files, so that there are many moments to be killed at.
std::vector<layer::WholeEntry> ManyEntries() {
  std::vector<layer::WholeEntry> entries = TarEntries();
  for (int i = 0; i < 400; ++i) {
    entries.push_back(layer::MakeFile("Files\\Windows\\" + std::to_string(i), std::string(i, 'k')));
  }
  return entries;
}

// A daemon that is killed while it works, at a moment that is random within the time that
// the work takes.
class Killer {
 public:
  Killer() : seed_(std::random_device()()), random_(seed_) {
    INFO("seed " << seed_);
    RequireOk(ImportTar(layers, TarSpec(layers, "base"), tar).status);
    auto sandbox = layers.Named<v1::CreateSandboxLayerRequest>("box");
    sandbox.add_parents(layers.Folder("base"));
    RequireOk(
        layers.Change<v1::CreateSandboxLayerResponse>(&Layers::Stub::CreateSandboxLayer, sandbox));
  }

  uint32_t seed() const { return seed_; }

  // `work`'s time is that of the first call, which nobody disturbs.
  void Measure(const std::function<void()>& work) {
    const auto begin = Clock::now();
    work();
    longest_ = std::chrono::duration_cast<microseconds>(Clock::now() - begin);
  }

  void KillDuring(const std::function<void()>& work) {
    std::uniform_int_distribution<int64_t> moment(0, longest_.count() * 11 / 10);
    const auto due = Clock::now() + microseconds(moment(random_));
    auto working = std::async(std::launch::async, work);
    std::this_thread::sleep_until(due);  // The random moment itself.
    layers.daemon().Signal(SIGKILL);
    layers.daemon().WaitForExit();
    working.wait();
    layers.daemon().Start();
    layers.Reconnect();
  }

  // What the host and the daemon have made beside the layers is gone, once the host has
  // worked in the folder again.
  void CheckNoLeftovers(std::vector<std::string> expected) {
    RequireOk(layers.Destroy("never-there"));
    CHECK(layers.Names() == expected);
    CHECK(layers.Scratch().empty());
  }

  // That it is as it was imported, or as it never was.
  bool IsWhole(const std::string& id) {
    if (!layers.Exists(id)) return false;
    const Exported exported = Export(layers, ExportRequest(layers, id, v1::LAYER_FORMAT_TAR));
    RequireOk(exported.status);
    CHECK(exported.tar == tar);
    return true;
  }

  Layers layers;
  const std::string tar = TarOf(ManyEntries());

 private:
  const uint32_t seed_;
  std::mt19937 random_;
  microseconds longest_{0};
};

TEST_CASE("a daemon that is killed while it imports leaves the whole layer or none") {
  Killer killer;
  CAPTURE(killer.seed());
  Layers& layers = killer.layers;
  // Some imports come as entries, some as a tar.
  const bool streams = GENERATE(true, false);
  const auto entries = ManyEntries();
  const auto import = [&] {
    if (streams) return ImportTar(layers, TarSpec(layers, "l"), killer.tar);
    return ImportEntries(layers, EntriesSpec(layers, "l"), entries);
  };
  killer.Measure([&] { RequireOk(import().status); });
  RequireOk(layers.Destroy("l"));
  for (int i = 0; i < Kills(); ++i) {
    killer.KillDuring(import);
    const bool whole = killer.IsWhole("l");
    killer.CheckNoLeftovers(whole ? std::vector<std::string>{"base", "box", "l"}
                                  : std::vector<std::string>{"base", "box"});
    CHECK(killer.IsWhole("base"));
    if (whole) CHECK(layers.Get("l").kind() == v1::LAYER_KIND_READ_ONLY);
    RequireOk(layers.Destroy("l"));
  }
}

TEST_CASE("a daemon that is killed while it destroys leaves the whole layer or none") {
  Killer killer;
  CAPTURE(killer.seed());
  Layers& layers = killer.layers;
  const auto import = [&] { return ImportTar(layers, TarSpec(layers, "l"), killer.tar); };
  RequireOk(import().status);
  killer.Measure([&] { RequireOk(layers.Destroy("l")); });
  for (int i = 0; i < Kills(); ++i) {
    RequireOk(import().status);
    killer.KillDuring([&] { layers.Destroy("l"); });
    const bool whole = killer.IsWhole("l");
    killer.CheckNoLeftovers(whole ? std::vector<std::string>{"base", "box", "l"}
                                  : std::vector<std::string>{"base", "box"});
    RequireOk(layers.Destroy("l"));
    killer.CheckNoLeftovers({"base", "box"});
  }
}

TEST_CASE("a daemon that is killed while it expands leaves a sandbox that works") {
  Killer killer;
  CAPTURE(killer.seed());
  Layers& layers = killer.layers;
  uint64_t size = 1 << 20;
  const auto expand = [&] {
    auto request = layers.Named<v1::ExpandSandboxSizeRequest>("box");
    request.set_size_bytes(size += 1 << 20);
    return layers.Change<v1::ExpandSandboxSizeResponse>(&Layers::Stub::ExpandSandboxSize, request);
  };
  killer.Measure([&] { RequireOk(expand()); });
  for (int i = 0; i < Kills(); ++i) {
    killer.KillDuring(expand);
    CHECK(layers.Get("box").kind() == v1::LAYER_KIND_SANDBOX);
    REQUIRE(layers.Get("box").parents_size() == 1);
    RequireOk(expand());
    killer.CheckNoLeftovers({"base", "box"});
  }
}

}  // namespace
}  // namespace hcs::integration
