#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "core/abi/hresult.h"
#include "core/host/compute_service.h"
#include "core/host/fault_injection.h"
#include "core/platform/unicode.h"

namespace hcs::host {
namespace {

using abi::DriverInfo;
using abi::HRESULT;
using abi::PCWSTR;
using abi::PWSTR;
using abi::WC_LAYER_DESCRIPTOR;

// What a table of layer functions was asked, one at a time in a process. The functions
// that carry content deal in one entry.
struct Told {
  std::vector<std::string> calls;
  std::u16string mount_path = u"\\\\?\\Volume{1}\\";
  // The path becomes this once its length has been asked for.
  std::u16string later_mount_path;
  int texts_alive = 0;
  int entries_left = 1;
  std::string stream = "stream";
};
Told told;

std::string Utf8(PCWSTR text) { return text == nullptr ? "-" : platform::Utf16ToUtf8(text); }

void Tell(const std::string& function, DriverInfo* info, PCWSTR id, const std::string& more = {}) {
  told.calls.push_back(function + "(" + std::to_string(info->Flavour) + "," + Utf8(info->HomeDir) +
                       "," + Utf8(id) + (more.empty() ? "" : "," + more) + ")");
}

// The GUID's first number is the sum of the name's characters.
HRESULT NameToGuid(PCWSTR name, abi::GUID* guid) {
  *guid = {};
  for (; *name != u'\0'; ++name) guid->Data1 += *name;
  return abi::S_OK;
}

std::string Parents(WC_LAYER_DESCRIPTOR* descriptors, uint32_t count) {
  std::string text;
  for (uint32_t i = 0; i < count; ++i) {
    text += Utf8(descriptors[i].Path) + ":" + std::to_string(descriptors[i].LayerId.Data1) + ":" +
            std::to_string(descriptors[i].Flags) + ";";
  }
  return text;
}

PWSTR GiveText(const std::u16string& text) {
  ++told.texts_alive;
  auto* copy = new char16_t[text.size() + 1];
  std::copy_n(text.c_str(), text.size() + 1, copy);
  return copy;
}

HRESULT GetMountPath(DriverInfo*, PCWSTR, size_t* length, PWSTR path) {
  const size_t room = std::exchange(*length, told.mount_path.size() + 1);
  if (path == nullptr) {
    if (!told.later_mount_path.empty()) told.mount_path = std::exchange(told.later_mount_path, {});
    return abi::S_OK;
  }
  if (room < *length) return abi::ERROR_INSUFFICIENT_BUFFER;
  std::copy_n(told.mount_path.c_str(), *length, path);
  return abi::S_OK;
}

abi::HcsFunctionTable LayerTable() {
  told = {};
  abi::HcsFunctionTable table;
  table.CoTaskMemFree = [](void* text) {
    --told.texts_alive;
    delete[] static_cast<char16_t*>(text);
  };
  table.NameToGuid = NameToGuid;
  table.GetLayerMountPath = GetMountPath;
  table.CreateLayer = [](DriverInfo* info, PCWSTR id, PCWSTR parent) {
    Tell("CreateLayer", info, id, Utf8(parent));
    return abi::S_OK;
  };
  table.CreateSandboxLayer = [](DriverInfo* info, PCWSTR id, PCWSTR parent,
                                WC_LAYER_DESCRIPTOR* descriptors, uint32_t count) {
    Tell("CreateSandboxLayer", info, id, Utf8(parent) + "," + Parents(descriptors, count));
    return abi::S_OK;
  };
  table.LayerExists = [](DriverInfo* info, PCWSTR id, uint32_t* exists) {
    Tell("LayerExists", info, id);
    *exists = 1;
    return abi::S_OK;
  };
  table.GetBaseImages = [](PWSTR* images) {
    *images = GiveText(u"{\"Images\":[]}");
    return abi::S_OK;
  };
  table.ImportLayerBegin = [](DriverInfo* info, PCWSTR id, WC_LAYER_DESCRIPTOR*, uint32_t,
                              void** context) {
    Tell("ImportLayerBegin", info, id);
    *context = &told;
    return abi::S_OK;
  };
  table.ImportLayerNext = [](void*, PCWSTR name, abi::FILE_BASIC_INFO* info) {
    told.calls.push_back("Next(" + Utf8(name) + (info == nullptr ? ",-)" : ",info)"));
    return abi::S_OK;
  };
  table.ImportLayerWrite = [](void*, const uint8_t* bytes, uint32_t length) {
    told.calls.push_back("Write(" + std::string(bytes, bytes + length) + ")");
    return abi::S_OK;
  };
  table.ImportLayerEnd = [](void*) {
    told.calls.emplace_back("End");
    return abi::S_OK;
  };
  table.ExportLayerBegin = [](DriverInfo*, PCWSTR, WC_LAYER_DESCRIPTOR*, uint32_t, void** context) {
    *context = &told;
    return abi::S_OK;
  };
  table.ExportLayerNext = [](void*, PWSTR* name, abi::FILE_BASIC_INFO*, int64_t* size,
                             uint32_t* deleted) {
    if (told.entries_left-- == 0) return abi::ERROR_NO_MORE_FILES;
    *name = GiveText(u"\\Files\\a");
    *size = 6;
    *deleted = 0;
    return abi::S_OK;
  };
  table.ExportLayerRead = [](void*, uint8_t* buffer, uint32_t length, uint32_t* read) {
    *read = std::min<uint32_t>(length, static_cast<uint32_t>(told.stream.size()));
    std::memcpy(buffer, told.stream.data(), *read);
    told.stream.erase(0, *read);
    return abi::S_OK;
  };
  table.ExportLayerEnd = table.ImportLayerEnd;
  return table;
}

TEST_CASE("A layer is named to the host in either of its two ways", "[host][layers]") {
  const auto table = LayerTable();
  const ComputeService service(table);
  CHECK(service.layers().Create({R"(C:\layers)", "b"}, "").ok());
  CHECK(service.layers().Create({"", R"(C:\layers\b)"}, R"(C:\layers\a)").ok());
  CHECK(told.calls == std::vector<std::string>{R"(CreateLayer(1,C:\layers,b))",
                                               R"(CreateLayer(1,,C:\layers\b,C:\layers\a))"});
  CHECK(LayerAddress{R"(C:\layers)", "b"}.path() == R"(C:\layers\b)");
  CHECK(LayerAddress{"/layers", "b"}.path() == "/layers/b");
  CHECK(LayerAddress{"", "/x/b"}.path() == "/x/b");
}

TEST_CASE("Parents carry the GUID of their last component", "[host][layers]") {
  const auto table = LayerTable();
  const ComputeService service(table);
  // 'a' is 97, "bb" is 196.
  REQUIRE(service.layers().CreateSandbox({"/l", "s"}, {"/l/a", R"(C:\l\bb\)"}).ok());
  REQUIRE(service.layers().CreateSandbox({"", "/l/s"}, {"/l/a"}).ok());
  CHECK(told.calls ==
        std::vector<std::string>{R"(CreateSandboxLayer(1,/l,s,a,/l/a:97:0;C:\l\bb\:196:0;))",
                                 "CreateSandboxLayer(1,,/l/s,-,/l/a:97:0;)"});

  const absl::Status twice = service.layers().CreateSandbox({"", "/l/s"}, {"/l/a", "/m/a"});
  CHECK(absl::IsInvalidArgument(twice));
  CHECK(twice.message().find("\"a\" comes twice") != std::string::npos);
}

TEST_CASE("A mount path that grows between the two calls is asked for again", "[host][layers]") {
  const auto table = LayerTable();
  const ComputeService service(table);
  told.later_mount_path = u"\\\\?\\Volume{a longer one}\\";
  const auto path = service.layers().GetMountPath({"/l", "s"});
  REQUIRE(path.ok());
  CHECK(*path == R"(\\?\Volume{a longer one}\)");
}

TEST_CASE("What the host gives out is freed", "[host][layers]") {
  const auto table = LayerTable();
  const ComputeService service(table);
  CHECK(service.layers().GetBaseImages().value() == R"({"Images":[]})");
  CHECK(service.layers().NameToGuid("a").value() == "00000061-0000-0000-0000-000000000000");
  CHECK(told.texts_alive == 0);
}

TEST_CASE("An import ends once, also when nobody ended it", "[host][layers]") {
  const auto table = LayerTable();
  const ComputeService service(table);
  {
    auto import = service.ImportLayer({"/l", "b"}, {});
    REQUIRE(import.ok());
    CHECK((*import)->Add("Files", {}).ok());
    CHECK((*import)->Write("piece").ok());
    CHECK((*import)->Remove(R"(Files\gone)").ok());
    CHECK((*import)->End().ok());
    CHECK(IsOwnError((*import)->Write("more"), OwnError::kHandleClosed));
  }
  CHECK(told.calls == std::vector<std::string>{"ImportLayerBegin(1,/l,b)", R"(Next(\Files,info))",
                                               "Write(piece)", R"(Next(\Files\gone,-))", "End"});
  told.calls.clear();
  service.ImportLayer({"/l", "b"}, {}).value().reset();
  CHECK(told.calls == std::vector<std::string>{"ImportLayerBegin(1,/l,b)", "End"});
}

TEST_CASE("An export gives entries and their streams until there are no more", "[host][layers]") {
  const auto table = LayerTable();
  const ComputeService service(table);
  {
    auto layer_export = service.ExportLayer({"/l", "b"}, {});
    REQUIRE(layer_export.ok());
    ExportedEntry entry;
    REQUIRE((*layer_export)->Next(&entry).value());
    CHECK(entry.name == R"(Files\a)");
    CHECK(entry.size == 6);
    CHECK_FALSE(entry.removed);
    char buffer[4];
    CHECK((*layer_export)->Read(buffer, 4).value() == 4);
    CHECK(std::string(buffer, 4) == "stre");
    CHECK((*layer_export)->Read(buffer, 4).value() == 2);
    CHECK((*layer_export)->Read(buffer, 4).value() == 0);
    CHECK_FALSE((*layer_export)->Next(&entry).value());
  }
  CHECK(told.calls == std::vector<std::string>{"End"});
  CHECK(told.texts_alive == 0);
}

TEST_CASE("An export that the host lacks is named", "[host][layers]") {
  auto table = LayerTable();
  table.ImportLayerBegin = nullptr;
  const ComputeService service(table);
  const absl::Status import = service.ImportLayer({"/l", "b"}, {}).status();
  CHECK(absl::IsUnimplemented(import));
  CHECK(import.message().find("ImportLayerBegin") != std::string::npos);
  CHECK(absl::IsUnimplemented(service.layers().Destroy({"/l", "b"})));
}

TEST_CASE("A failing layer function is told with the layer's path", "[host][layers]") {
  const auto table = LayerTable();
  FaultInjection faults(table);
  faults.Fail("LayerExists", 1, abi::ERROR_PATH_NOT_FOUND);
  const ComputeService service(faults.table());
  const auto exists = service.layers().Exists({"/l", "b"});
  CHECK(absl::IsNotFound(exists.status()));
  CHECK(HostErrorOf(exists.status())->object() == "/l/b");
  CHECK(HostErrorOf(exists.status())->operation() == "LayerExists");
  CHECK(service.layers().Exists({"/l", "b"}).value());
}

}  // namespace
}  // namespace hcs::host
