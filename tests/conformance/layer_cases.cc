// Cases 35 to 38 and 42: the life of layers. Each is run in both calling styles.

#include <catch2/catch.hpp>
#include <filesystem>

#include "tests/conformance/layer_session.h"

namespace hcs::conformance {
namespace {

namespace fs = std::filesystem;

Style EachStyle() { return GENERATE(Style::kHomeAndId, Style::kFullPath); }

// A base layer with a folder and two files.
void MakeBase(Layer* base) {
  REQUIRE(base->Create() == abi::S_OK);
  const fs::path files = HostUnderTest::Current().Openable(base->path()) / "Files";
  fs::create_directory(files / "folder");
  WriteFile(files / "folder" / "inner.txt", "inner");
  WriteFile(files / "base.txt", "base");
}

TEST_CASE("case 35: a sandbox shows its parents' files, and what is written stays in it",
          "[layer]") {
  const Style style = EachStyle();
  CAPTURE(style);
  Layer base(style);
  MakeBase(&base);
  CHECK(base.Exists());
  Layer sandbox(style);
  if (!PrepareSandbox(&sandbox, {&base})) return;
  CHECK(ReadFile(sandbox.InMount("base.txt")) == "base");
  CHECK(ReadFile(sandbox.InMount("folder/inner.txt")) == "inner");
  WriteFile(sandbox.InMount("base.txt"), "changed");
  WriteFile(sandbox.InMount("folder/new.txt"), "new");
  REQUIRE(sandbox.Unprepare() == abi::S_OK);
  REQUIRE(sandbox.Deactivate() == abi::S_OK);

  // Another one over the same base sees none of it; the first one still has it.
  Layer other(style);
  REQUIRE(PrepareSandbox(&other, {&base}));
  CHECK(ReadFile(other.InMount("base.txt")) == "base");
  CHECK_FALSE(fs::exists(other.InMount("folder/new.txt")));
  REQUIRE(sandbox.Activate() == abi::S_OK);
  REQUIRE(sandbox.Prepare({&base}) == abi::S_OK);
  CHECK(ReadFile(sandbox.InMount("base.txt")) == "changed");
  CHECK(ReadFile(sandbox.InMount("folder/new.txt")) == "new");
  REQUIRE(sandbox.Unprepare() == abi::S_OK);
  REQUIRE(sandbox.Deactivate() == abi::S_OK);
  REQUIRE(sandbox.Destroy() == abi::S_OK);
  CHECK_FALSE(sandbox.Exists());
  CHECK(base.Exists());
}

TEST_CASE("case 36: prepare with a missing parent: path not found, nothing mounted", "[layer]") {
  const Style style = EachStyle();
  CAPTURE(style);
  Layer base(style);
  MakeBase(&base);
  Layer missing(style);
  Layer sandbox(style);
  REQUIRE(sandbox.CreateSandbox({&base}) == abi::S_OK);
  REQUIRE(sandbox.Activate() == abi::S_OK);
  CHECK(sandbox.Prepare({&missing, &base}) == abi::ERROR_PATH_NOT_FOUND);
  CHECK_FALSE(fs::exists(sandbox.InMount("base.txt")));
  CHECK(sandbox.Deactivate() == abi::S_OK);
  CHECK(sandbox.Destroy() == abi::S_OK);
}

TEST_CASE("case 37: destroy a layer that is mounted: refused, layer unharmed", "[layer]") {
  const Style style = EachStyle();
  CAPTURE(style);
  Layer base(style);
  MakeBase(&base);
  Layer sandbox(style);
  if (!PrepareSandbox(&sandbox, {&base})) return;
  WriteFile(sandbox.InMount("new.txt"), "new");
  CHECK(abi::Failed(Table().DestroyLayer(sandbox.info(), sandbox.id())));
  CHECK(abi::Failed(Table().DestroyLayer(base.info(), base.id())));
  CHECK(ReadFile(sandbox.InMount("new.txt")) == "new");
  CHECK(ReadFile(sandbox.InMount("base.txt")) == "base");
  REQUIRE(sandbox.Unprepare() == abi::S_OK);
  REQUIRE(sandbox.Deactivate() == abi::S_OK);
  CHECK(sandbox.Destroy() == abi::S_OK);
  CHECK(base.Destroy() == abi::S_OK);
  CHECK_FALSE(base.Exists());
}

TEST_CASE("case 38: destroy a layer that does not exist: fine", "[layer]") {
  const Style style = EachStyle();
  CAPTURE(style);
  Layer layer(style);
  CHECK_FALSE(layer.Exists());
  CHECK(layer.Destroy() == abi::S_OK);
  REQUIRE(layer.Create() == abi::S_OK);
  CHECK(layer.Exists());
  CHECK(layer.Destroy() == abi::S_OK);
  CHECK(layer.Destroy() == abi::S_OK);
  CHECK_FALSE(layer.Exists());
}

TEST_CASE("case 42: a mount path's length first, for a short buffer 0x8007007A and the length",
          "[layer]") {
  const Style style = EachStyle();
  CAPTURE(style);
  Layer base(style);
  MakeBase(&base);
  CHECK(base.MountPath() == base.path());  // A read-only layer's is its folder.
  Layer sandbox(style);
  if (!PrepareSandbox(&sandbox, {&base})) return;
  const std::string path = sandbox.MountPath();
  CHECK(path.starts_with(R"(\\?\Volume{)"));
  std::u16string buffer(path.size() + 1, u'x');
  size_t length = path.size();  // One too few: the NUL counts.
  CHECK(sandbox.MountPath(&length, buffer.data()) == abi::ERROR_INSUFFICIENT_BUFFER);
  CHECK(length == path.size() + 1);
  CHECK(buffer == std::u16string(path.size() + 1, u'x'));
}

}  // namespace
}  // namespace hcs::conformance
