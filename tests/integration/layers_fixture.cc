#include "tests/integration/layers_fixture.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

namespace hcs::integration {
namespace {

namespace fs = std::filesystem;
using Stub = v1::LayerService::Stub;

std::vector<std::string> NamesIn(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.push_back(entry.path().filename());
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

void WriteFile(const fs::path& path, const std::string& content) {
  std::ofstream file(path, std::ios::binary);
  file << content;
  file.close();
  REQUIRE(file.good());
}

std::string ReadFile(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

Layers::Layers(std::vector<std::string> flags)
    : daemon_(std::move(flags)), stub_(v1::LayerService::NewStub(daemon_.channel())) {
  fs::create_directory(home());
}

Layers::~Layers() {
  Change<v1::UnprepareLayerResponse>(&Stub::UnprepareLayer,
                                     Named<v1::UnprepareLayerRequest>("sandbox"));
}

std::vector<std::string> Layers::Names() const { return NamesIn(home()); }

std::vector<std::string> Layers::Scratch() const {
  return NamesIn(fs::path(daemon_.state()) / "daemon" / "layer-scratch");
}

v1::LayerInfo Layers::Get(const std::string& id) {
  v1::GetLayerResponse response;
  RequireOk(Change(&Stub::GetLayer, Named<v1::GetLayerRequest>(id), &response));
  return response.layer();
}

bool Layers::Exists(const std::string& id) {
  v1::LayerExistsResponse response;
  RequireOk(Change(&Stub::LayerExists, Named<v1::LayerExistsRequest>(id), &response));
  return response.exists();
}

grpc::Status Layers::Destroy(const std::string& id) {
  return Change<v1::DestroyLayerResponse>(&Stub::DestroyLayer, Named<v1::DestroyLayerRequest>(id));
}

void Layers::CreateBaseAndSandbox() {
  RequireOk(
      Change<v1::CreateLayerResponse>(&Stub::CreateLayer, Named<v1::CreateLayerRequest>("base")));
  WriteFile(Folder("base") / "Files" / "base.txt", "base");
  auto sandbox = Named<v1::CreateSandboxLayerRequest>("sandbox");
  sandbox.add_parents(Folder("base"));
  RequireOk(Change<v1::CreateSandboxLayerResponse>(&Stub::CreateSandboxLayer, sandbox));
}

}  // namespace hcs::integration
