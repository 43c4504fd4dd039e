// Copies of layers, and base images.

#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "core/platform/unicode.h"
#include "tests/conformance/layer_content.h"
#include "tests/conformance/this_system.h"

namespace hcs::conformance {
namespace {

namespace fs = std::filesystem;

Style EachStyle() { return GENERATE(Style::kHomeAndId, Style::kFullPath); }

Entries BaseEntries() {
  return {Folder(uR"(\Files)"), RichFile(uR"(\Files\changed)"), File(uR"(\Files\gone)", "gone"),
          File(uR"(\Files\kept)", "kept")};
}

Code Copy(Layer* from, Layer* to, const Layer::Parents& parents) {
  Descriptors descriptors(parents);
  return Table().CopyLayer(from->info(), from->id(), to->id(), descriptors.data(),
                           descriptors.size());
}

TEST_CASE("case 56: a copy of a sandbox is a layer of its difference", "[layer]") {
  const Style style = EachStyle();
  CAPTURE(style);
  Layer base(style);
  REQUIRE(ImportAll(&base, BaseEntries()) == abi::S_OK);
  Layer sandbox(style);
  if (!PrepareSandbox(&sandbox, {&base})) return;
  ChangeFile(sandbox.InMount("changed"), "changed");
  WriteFile(sandbox.InMount("added"), "added");
  fs::remove(sandbox.InMount("gone"));
  REQUIRE(sandbox.Unprepare() == abi::S_OK);
  Layer copy(style);
  REQUIRE(Copy(&sandbox, &copy, {&base}) == abi::S_OK);
  CHECK(Comparable(ExportAll(&copy, {&base})) == Comparable(ExportAll(&sandbox, {&base})));
  CHECK(Copy(&sandbox, &copy, {&base}) == abi::ERROR_ALREADY_EXISTS);

  // It can be a parent.
  Layer other(style);
  REQUIRE(PrepareSandbox(&other, {&copy, &base}));
  CHECK(ReadFile(other.InMount("changed")) == "changed");
  CHECK(ReadFile(other.InMount("added")) == "added");
  CHECK(ReadFile(other.InMount("kept")) == "kept");
  CHECK_FALSE(fs::exists(other.InMount("gone")));
}

TEST_CASE("case 56b: copies of layers that are not there, over parents that are not", "[layer]") {
  const Style style = EachStyle();
  CAPTURE(style);
  Layer missing(style);
  Layer layer(style);
  Layer copy(style);
  CHECK(Copy(&missing, &copy, {}) == abi::ERROR_PATH_NOT_FOUND);
  REQUIRE(ImportAll(&layer, BaseEntries()) == abi::S_OK);
  CHECK(Copy(&layer, &copy, {&missing}) == abi::ERROR_PATH_NOT_FOUND);
  CHECK(Copy(&layer, &layer, {}) == abi::ERROR_ALREADY_EXISTS);
  CHECK_FALSE(copy.Exists());
}

TEST_CASE("case 57: a base layer that somebody has filled is processed", "[layer]") {
  Layer layer(Style::kFullPath);
  const std::u16string path = layer.id();
  CHECK(Code(Table().ProcessBaseImage(path.c_str())) == abi::ERROR_PATH_NOT_FOUND);
  CHECK(Code(Table().ProcessUtilityImage((path + uR"(\UtilityVM)").c_str())) ==
        abi::ERROR_PATH_NOT_FOUND);
  const fs::path folder = HostUnderTest::Current().Openable(layer.path());
  fs::create_directory(folder);
  CHECK(Code(Table().ProcessBaseImage(path.c_str())) == abi::VMCOMPUTE_INVALID_LAYER);
  CHECK_FALSE(layer.Exists());
  fs::create_directories(folder / "Files");
  fs::create_directories(folder / "UtilityVM" / "Files");
  WriteFile(folder / "Files" / "base.txt", "base");
  CHECK(Code(Table().ProcessBaseImage(path.c_str())) == abi::S_OK);
  CHECK(Code(Table().ProcessUtilityImage((path + uR"(\UtilityVM)").c_str())) == abi::S_OK);
  CHECK(layer.Exists());
  CHECK(Code(Table().ProcessBaseImage(path.c_str())) == abi::S_OK);
  Layer sandbox(Style::kFullPath);
  if (!PrepareSandbox(&sandbox, {&layer})) return;
  CHECK(ReadFile(sandbox.InMount("base.txt")) == "base");
  CHECK(Code(Table().ProcessBaseImage(sandbox.id())) == abi::VMCOMPUTE_INVALID_LAYER);
}

TEST_CASE("case 58: base images are told as JSON", "[layer]") {
  CHECK(Code(Table().GetBaseImages(nullptr)) == abi::ERROR_INVALID_PARAMETER);
  abi::PWSTR text = nullptr;
  REQUIRE(Code(Table().GetBaseImages(&text)) == abi::S_OK);
  REQUIRE(text != nullptr);
  const auto images = nlohmann::json::parse(platform::Utf16ToUtf8(text));
  Table().CoTaskMemFree(text);
  REQUIRE(images["Images"].is_array());
  for (const auto& image : images["Images"]) {
    CHECK(image["Name"].is_string());
    CHECK(image["Version"].is_string());
    CHECK(image["Path"].is_string());
    CHECK(image["Size"].is_number());
    CHECK(image["CreatedTime"].is_string());
  }
}

TEST_CASE("case 59: access for a virtual machine is granted to files that are there", "[layer]") {
  const TemporaryFolder folder;
  WriteFile(folder.path() / "disk.vhdx", "");
  constexpr char16_t kMachine[] = u"00000000-0000-0000-0000-000000000001";
  const std::u16string disk = Wide(HostPath(folder.path() / "disk.vhdx"));
  const std::u16string none = Wide(HostPath(folder.path() / "none.vhdx"));
  CHECK(Code(Table().GrantVmAccess(kMachine, disk.c_str())) == abi::S_OK);
  CHECK(Code(Table().GrantVmAccess(kMachine, none.c_str())) == abi::ERROR_FILE_NOT_FOUND);
  CHECK(Code(Table().GrantVmAccess(u"", disk.c_str())) == abi::ERROR_INVALID_PARAMETER);
}

}  // namespace
}  // namespace hcs::conformance
