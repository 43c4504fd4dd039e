#include "tests/conformance/network_session.h"

#include <catch2/catch.hpp>

#include "core/platform/unicode.h"

namespace hcs::conformance {

HnsAnswer Hns(const std::string& method, const std::string& path, const Json& body) {
  abi::PWSTR text = nullptr;
  const std::u16string request = Wide(body.is_null() ? std::string() : body.dump());
  REQUIRE(Code(Table().HNSCall(Wide(method).c_str(), Wide(path).c_str(), request.c_str(), &text)) ==
          abi::S_OK);
  REQUIRE(text != nullptr);
  const Json response = Json::parse(platform::Utf16ToUtf8(text));
  Table().CoTaskMemFree(text);
  HnsAnswer answer;
  answer.success = response.at("Success").get<bool>();
  answer.output = response.value("Output", Json());
  answer.error = response.value("Error", "");
  // Written as an unsigned number, or as HRESULTs are elsewhere, as a signed one.
  answer.code = static_cast<abi::HRESULT>(response.value("ErrorCode", int64_t{0}));
  return answer;
}

bool HasHns() {
  if (Table().HNSCall != nullptr) return true;
  DoesNotApply("this host does not export HNSCall");
  return false;
}

HnsObject::~HnsObject() {
  if (!path_.empty()) Hns("DELETE", path_);
}

HnsObject MakeNetwork(int subnet, const Json& fields) {
  const std::string prefix = "10.213." + std::to_string(subnet) + ".";
  Json document = {
      {"Name", UniqueId("network")},
      {"Type", "private"},
      {"Subnets", {{{"AddressPrefix", prefix + "0/24"}, {"GatewayAddress", prefix + "1"}}}}};
  document.update(fields);
  const HnsAnswer answer = Hns("POST", "/networks/", document);
  INFO(answer.error);
  REQUIRE(answer.success);
  return HnsObject("/networks/" + answer.output.at("ID").get<std::string>());
}

HnsObject MakeEndpoint(const HnsObject& network, const Json& fields) {
  Json document = {{"VirtualNetwork", network.id()}};
  document.update(fields);
  const HnsAnswer answer = Hns("POST", "/endpoints/", document);
  INFO(answer.error);
  REQUIRE(answer.success);
  return HnsObject("/endpoints/" + answer.output.at("ID").get<std::string>());
}

}  // namespace hcs::conformance
