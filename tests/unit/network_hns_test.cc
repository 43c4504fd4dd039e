// Hns over a table whose HNSCall answers as the case says.

#include <catch2/catch.hpp>
#include <map>
#include <string>
#include <vector>

#include "core/host/host_error.h"
#include "core/network/hns.h"
#include "core/platform/unicode.h"
#include "tests/unit/host_fake_table.h"

namespace hcs::network {
namespace {

constexpr char kId[] = "0f9b9a8c-4a4d-4e2c-9c4c-5f5f3c6d7e8f";

struct Script {
  // By "METHOD PATH".
  std::map<std::string, std::string> answers;
  // "METHOD PATH BODY".
  std::vector<std::string> calls;
};

Script* script = nullptr;

abi::HRESULT ScriptedHns(abi::PCWSTR method, abi::PCWSTR path, abi::PCWSTR request,
                         abi::PWSTR* response) {
  const std::string name = platform::Utf16ToUtf8(method) + " " + platform::Utf16ToUtf8(path);
  script->calls.push_back(name + " " + platform::Utf16ToUtf8(request));
  const auto answer = script->answers.find(name);
  if (answer == script->answers.end()) return abi::E_FAIL;
  *response = host::FakeTable::Instance().GiveText(platform::Utf8ToUtf16(answer->second));
  return abi::S_OK;
}

// HNS as the script says.
class Scripted {
 public:
  Scripted() {
    script = &script_;
    fake_.table.HNSCall = &ScriptedHns;
  }
  ~Scripted() {
    script = nullptr;
    CHECK(fake_.texts_alive() == 0);
  }
  Scripted(const Scripted&) = delete;
  Scripted& operator=(const Scripted&) = delete;

  // `output` is JSON.
  void Answer(const std::string& request, const std::string& output) {
    script_.answers[request] = R"({"Success":true,"Output":)" + output + "}";
  }
  const std::vector<std::string>& calls() const { return script_.calls; }
  Hns& hns() { return hns_; }

 private:
  Script script_;
  host::FakeTable fake_;
  host::ComputeService service_{fake_.table};
  Hns hns_{service_};
};

TEST_CASE("objects are listed, found and created by their collection's path", "[network]") {
  Scripted scripted;
  scripted.Answer("GET /networks/", R"([{"ID":"a","Name":"one"},{"Id":"b","New":1}])");
  const auto networks = scripted.hns().List<v1::Network>();
  REQUIRE(networks.ok());
  REQUIRE(networks->size() == 2);
  CHECK((*networks)[0].name() == "one");
  CHECK((*networks)[1].id() == "b");
  CHECK((*networks)[1].unknown_json() == R"({"New":1})");

  scripted.Answer(std::string("GET /endpoints/") + kId, R"({"ID":"e"})");
  CHECK(scripted.hns().Get<v1::Endpoint>(kId)->id() == "e");

  scripted.Answer("POST /policylists/", R"({"ID":"p"})");
  CHECK(scripted.hns().Create<v1::PolicyList>(R"({"Policies":[]})")->id() == "p");
  CHECK(scripted.calls().back() == R"(POST /policylists/ {"Policies":[]})");

  scripted.Answer(std::string("DELETE /namespaces/") + kId, "{}");
  CHECK(scripted.hns().Delete<v1::Namespace>(kId).ok());

  scripted.Answer("GET /namespaces/", "null");
  CHECK(scripted.hns().List<v1::Namespace>()->empty());
}

TEST_CASE("a change keeps what it does not name", "[network]") {
  Scripted scripted;
  const std::string path = std::string("/endpoints/") + kId;
  scripted.Answer("GET " + path, R"({"ID":"e","Name":"old","Policies":[{"Type":"Odd"}],"New":1})");
  scripted.Answer("POST " + path, "null");
  v1::Endpoint changes;
  changes.set_dns_suffix("example.org");
  REQUIRE(scripted.hns().Change<v1::Endpoint>(kId, *ChangeTo(changes, {})).ok());
  REQUIRE(scripted.calls().size() == 3);
  CHECK(
      scripted.calls()[1] ==
      "POST " + path +
          R"( {"DNSSuffix":"example.org","ID":"e","Name":"old","New":1,"Policies":[{"Type":"Odd"}]})");
}

TEST_CASE("attachments, resources and statistics have their paths", "[network]") {
  Scripted scripted;
  const std::string endpoint = std::string("/endpoints/") + kId;
  const std::string name_space = std::string("/namespaces/") + kId;
  for (const auto& path : {endpoint + "/attach", endpoint + "/detach", name_space + "/addresource",
                           name_space + "/removeresource"}) {
    scripted.Answer("POST " + path, "{}");
  }
  v1::EndpointAttachment attachment;
  attachment.set_container_id("web");
  attachment.set_system_type("Container");
  REQUIRE(scripted.hns().Attach(kId, attachment).ok());
  CHECK(scripted.calls().back() ==
        "POST " + endpoint + R"(/attach {"ContainerId":"web","SystemType":"Container"})");
  REQUIRE(scripted.hns().Detach(kId, attachment).ok());
  v1::NamespaceResource resource;
  resource.set_type("Endpoint");
  resource.mutable_data()->set_id("e");
  REQUIRE(scripted.hns().AddResource(kId, resource).ok());
  CHECK(scripted.calls().back() ==
        "POST " + name_space + R"(/addresource {"Data":{"Id":"e"},"Type":"Endpoint"})");
  REQUIRE(scripted.hns().RemoveResource(kId, resource).ok());
  scripted.Answer(std::string("GET /endpointstats/") + kId, R"({"BytesSent":7,"EndpointID":"e"})");
  const auto statistics = scripted.hns().GetStatistics(kId);
  REQUIRE(statistics.ok());
  CHECK(statistics->bytes_sent() == 7);
  CHECK(statistics->endpoint_id() == "e");
}

TEST_CASE("an answer of another shape is an unexpected value", "[network]") {
  Scripted scripted;
  const auto unexpected = [](const absl::Status& status) {
    INFO(status.ToString());
    return host::IsOwnError(status, host::OwnError::kUnexpectedValue);
  };
  scripted.Answer("GET /networks/", R"({"ID":"a"})");
  CHECK(unexpected(scripted.hns().List<v1::Network>().status()));
  scripted.Answer("GET /networks/", R"([{"ID":"a"},"b"])");
  CHECK(unexpected(scripted.hns().List<v1::Network>().status()));
  scripted.Answer("POST /networks/", R"({"Name":"no id"})");
  CHECK(unexpected(scripted.hns().Create<v1::Network>("{}").status()));
  scripted.Answer("POST /networks/", R"({"ID":7})");
  CHECK(unexpected(scripted.hns().Create<v1::Network>("{}").status()));
  scripted.Answer("POST /networks/", "null");
  CHECK(unexpected(scripted.hns().Create<v1::Network>("{}").status()));
  scripted.Answer(std::string("GET /networks/") + kId, "[]");
  CHECK(unexpected(scripted.hns().Get<v1::Network>(kId).status()));
  CHECK(unexpected(scripted.hns().Change<v1::Network>(kId, {"{}", {}}).status()));
}

TEST_CASE("a host without HNSCall says so", "[network]") {
  host::FakeTable fake;
  fake.table.HNSCall = nullptr;
  const host::ComputeService service(fake.table);
  const absl::Status status = Hns(service).List<v1::Network>().status();
  CHECK(status.code() == absl::StatusCode::kUnimplemented);
  CHECK(std::string(status.message()).find("HNSCall") != std::string::npos);
}

}  // namespace
}  // namespace hcs::network
