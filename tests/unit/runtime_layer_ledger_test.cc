#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "core/runtime/layer_ledger.h"
#include "tests/unit/runtime_state_fixture.h"

namespace hcs::runtime {
namespace {

std::unique_ptr<LayerLedger> Open(const TemporaryDirectory& directory,
                                  std::vector<std::string>* reports) {
  auto ledger = LayerLedger::Open(directory.path() / "state",
                                  [reports](const std::string& text) { reports->push_back(text); });
  REQUIRE(ledger.ok());
  return *std::move(ledger);
}

TEST_CASE("what is known of layers outlives the ledger, and is found by any spelling") {
  const TemporaryDirectory directory;
  std::vector<std::string> reports;
  Open(directory, &reports)->Change("/layers/sandbox", [](v1::LayerInfo& layer) {
    layer.set_kind(v1::LAYER_KIND_SANDBOX);
    layer.set_state(v1::LAYER_STATE_PREPARED);
    layer.add_parents("/layers/base/");
  });
  const auto ledger = Open(directory, &reports);
  const auto found = ledger->Find("/layers//sandbox/");
  REQUIRE(found);
  CHECK(found->path() == "/layers/sandbox");
  CHECK(found->kind() == v1::LAYER_KIND_SANDBOX);
  CHECK(found->state() == v1::LAYER_STATE_PREPARED);
  REQUIRE(ledger->ChildrenOf("/layers/base").size() == 1);
  CHECK(ledger->ChildrenOf("/layers/sandbox").empty());
  ledger->Forget("/layers/sandbox");
  CHECK_FALSE(ledger->Find("/layers/sandbox"));
  CHECK_FALSE(Open(directory, &reports)->Find("/layers/sandbox"));
  CHECK(reports.empty());
}

TEST_CASE("a ledger that is damaged is set aside, and said") {
  const TemporaryDirectory directory;
  std::vector<std::string> reports;
  Open(directory, &reports)->Change("/layers/one", [](v1::LayerInfo&) {});
  const auto file = directory.path() / "state" / "layers.json";
  std::ofstream(file, std::ios::trunc) << "{\"layers\": [";
  CHECK_FALSE(Open(directory, &reports)->Find("/layers/one"));
  REQUIRE(reports.size() == 1);
  CHECK(reports[0].find("layers.json.corrupt") != std::string::npos);
  CHECK(std::filesystem::exists(file.string() + ".corrupt"));
}

}  // namespace
}  // namespace hcs::runtime
