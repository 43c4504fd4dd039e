#include "tests/unit/emulator_network_fixture.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <utility>

namespace hcs::emulator::hns::test {

StateFolder::StateFolder() {
  std::string path = (std::filesystem::temp_directory_path() / "hcs-network-XXXXXX").string();
  if (mkdtemp(path.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = path;
}

StateFolder::~StateFolder() {
  std::error_code error;
  std::filesystem::remove_all(path_, error);
}

TestHns::TestHns(const std::string& state_folder, Datapath* datapath, uint32_t build_number) {
  HnsService::Options options;
  options.state_folder = state_folder;
  options.build_number = build_number;
  options.datapath = datapath;
  options.find_system = [this](const std::string& id) -> std::optional<std::string> {
    const std::lock_guard lock(mutex_);
    const auto found = systems_.find(id);
    if (found == systems_.end()) return std::nullopt;
    return found->second;
  };
  auto opened = HnsService::Open(std::move(options));
  if (!opened.ok()) throw std::runtime_error(opened.failure().message);
  service_ = *std::move(opened);
}

Response TestHns::Call(const std::string& method, const std::string& path, const Json& body) {
  const std::string text =
      service_->Call(method, path, body.is_null() ? std::string() : body.dump());
  const Json response = Json::parse(text);
  Response answer;
  if (response.at("Success").get<bool>()) {
    answer.output = response.at("Output");
  } else {
    answer.error = response.at("Error").get<std::string>();
    answer.code = response.at("ErrorCode").get<uint32_t>();
  }
  return answer;
}

Json TestHns::MakeNetwork(const Json& fields) {
  Json document = {
      {"Type", "nat"},
      {"Subnets", {{{"AddressPrefix", "10.1.0.0/24"}, {"GatewayAddress", "10.1.0.1"}}}}};
  document.update(fields);
  const Response answer = Post("/networks/", document);
  INFO(answer.error);
  REQUIRE(answer.ok());
  return answer.output;
}

Json TestHns::MakeEndpoint(const std::string& network, const Json& fields) {
  Json document = {{"VirtualNetwork", network}};
  document.update(fields);
  const Response answer = Post("/endpoints/", document);
  INFO(answer.error);
  REQUIRE(answer.ok());
  return answer.output;
}

void TestHns::SetSystem(const std::string& id, const std::string& runtime_id) {
  const std::lock_guard lock(mutex_);
  systems_[id] = runtime_id;
}

void TestHns::RemoveSystem(const std::string& id) {
  const std::lock_guard lock(mutex_);
  systems_.erase(id);
}

}  // namespace hcs::emulator::hns::test
