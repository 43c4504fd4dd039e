#include "tests/conformance/layer_session.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

#include "core/platform/unicode.h"

namespace hcs::conformance {
namespace {

std::string FreshName() {
  // The last component of a layer's path has to be its own: LayerId is made of it.
  return UniqueId("layer");
}

}  // namespace

std::ostream& operator<<(std::ostream& stream, Style style) {
  return stream << (style == Style::kHomeAndId ? "HomeDir and id" : "full path");
}

Layer::Layer(Style style)
    : path_(HostUnderTest::Current().layers_home() + "\\" + FreshName()),
      home_(style == Style::kFullPath ? u"" : Wide(HostUnderTest::Current().layers_home())),
      id_(Wide(style == Style::kFullPath ? path_ : path_.substr(path_.rfind('\\') + 1))),
      info_{1, home_.c_str()} {}

Layer::~Layer() {
  Unprepare();
  Deactivate();
  Destroy();
}

Code Layer::Create() { return Table().CreateLayer(&info_, id(), u""); }

Code Layer::CreateSandbox(const Parents& parents) {
  Descriptors descriptors(parents);
  const std::u16string nearest =
      home_.empty() || parents.empty() ? u"" : std::u16string(parents.front()->id());
  return Table().CreateSandboxLayer(&info_, id(), home_.empty() ? nullptr : nearest.c_str(),
                                    descriptors.data(), descriptors.size());
}

Code Layer::Activate() { return Table().ActivateLayer(&info_, id()); }
Code Layer::Deactivate() { return Table().DeactivateLayer(&info_, id()); }

Code Layer::Prepare(const Parents& parents) {
  Descriptors descriptors(parents);
  return Table().PrepareLayer(&info_, id(), descriptors.data(), descriptors.size());
}

Code Layer::Unprepare() { return Table().UnprepareLayer(&info_, id()); }
Code Layer::Destroy() { return Table().DestroyLayer(&info_, id()); }
Code Layer::Expand(uint64_t bytes) { return Table().ExpandSandboxSize(&info_, id(), bytes); }

bool Layer::Exists() {
  uint32_t exists = 2;
  REQUIRE(Code(Table().LayerExists(&info_, id(), &exists)) == abi::S_OK);
  REQUIRE(exists < 2);
  return exists == 1;
}

Code Layer::MountPath(size_t* length, char16_t* buffer) {
  return Table().GetLayerMountPath(&info_, id(), length, buffer);
}

std::string Layer::MountPath() {
  size_t length = 0;
  REQUIRE(MountPath(&length, nullptr) == abi::S_OK);
  std::u16string path(length, u'\0');
  REQUIRE(MountPath(&length, path.data()) == abi::S_OK);
  REQUIRE(length == path.size());
  REQUIRE(path.find(u'\0') == length - 1);
  path.pop_back();
  return platform::Utf16ToUtf8(path);
}

std::filesystem::path Layer::InMount(const std::string& name) {
  return HostUnderTest::Current().Openable(MountPath()) / name;
}

Descriptors::Descriptors(const Layer::Parents& parents) {
  for (const Layer* parent : parents) paths_.push_back(Wide(parent->path()));
  for (const std::u16string& path : paths_) {
    const std::u16string name = path.substr(path.rfind(u'\\') + 1);
    abi::GUID guid{};
    if (Table().NameToGuid != nullptr) Table().NameToGuid(name.c_str(), &guid);
    descriptors_.push_back({guid, 0, path.c_str()});
  }
}

bool PrepareSandbox(Layer* sandbox, const Layer::Parents& parents) {
  REQUIRE(sandbox->CreateSandbox(parents) == abi::S_OK);
  REQUIRE(sandbox->Activate() == abi::S_OK);
  const Code code = sandbox->Prepare(parents);
  if (code == abi::ERROR_PRIVILEGE_NOT_HELD) {
    DoesNotApply("this user may not mount");
    return false;
  }
  REQUIRE(code == abi::S_OK);
  return true;
}

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  REQUIRE(file.good());
  return {std::istreambuf_iterator<char>(file), {}};
}

void WriteFile(const std::filesystem::path& path, const std::string& content) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << content;
  file.close();
  REQUIRE(file.good());
}

void ChangeFile(const std::filesystem::path& path, const std::string& content) {
  std::filesystem::permissions(path, std::filesystem::perms::owner_write,
                               std::filesystem::perm_options::add);
  WriteFile(path, content);
}

}  // namespace hcs::conformance
