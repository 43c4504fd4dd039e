// How calls are understood, and what refusals look like.

#include <catch2/catch.hpp>
#include <string>

#include "tests/unit/emulator_network_fixture.h"

namespace hcs::emulator::hns::test {
namespace {

constexpr char kNobody[] = "6d3c5f0e-0000-4000-8000-000000000000";

TEST_CASE("paths and methods are read without regard to case and slashes") {
  const StateFolder folder;
  TestHns hns(folder.path());
  const std::string id = hns.NetworkId();
  std::string upper = id;
  for (char& c : upper) c = static_cast<char>(std::toupper(c));
  for (const std::string& path : {"/networks/" + id, "networks/" + id, "/Networks/" + upper + "/",
                                  "//NETWORKS//" + id, "/networks/{" + upper + "}"}) {
    CAPTURE(path);
    CHECK(hns.Call("get", path).output["ID"] == id);
  }
  CHECK(hns.Get("/networks").output.size() == 1);
}

TEST_CASE("what is no path or method of HNS is refused, and what the path takes is said") {
  const StateFolder folder;
  TestHns hns(folder.path());
  for (const std::string path : {"/", "", "/hats/", "/networks/x/y", "/endpoints/x/hats",
                                 "/globals/", "/networks/../endpoints/", "/networks/?a=b"}) {
    CAPTURE(path);
    const Response answer = hns.Get(path);
    CHECK(answer.code == CodeOf(path.find('?') == std::string::npos
                                    ? abi::HCN_E_REQUEST_UNSUPPORTED
                                    : abi::ERROR_INVALID_PARAMETER));
  }
  const Response put = hns.Call("PUT", "/networks/");
  CHECK(put.code == CodeOf(abi::HCN_E_REQUEST_UNSUPPORTED));
  CHECK(put.error ==
        "The specified request is unsupported. (0x803b0015): PUT /networks: the path takes GET or "
        "POST");
  CHECK(hns.Post("/globals/version", {}).code == CodeOf(abi::HCN_E_REQUEST_UNSUPPORTED));
  CHECK(hns.Get("/" + std::string(1000, 'x')).code == CodeOf(abi::HCN_E_REQUEST_UNSUPPORTED));
}

TEST_CASE("an id that is no GUID is refused, one that nobody has is not found") {
  const StateFolder folder;
  TestHns hns(folder.path());
  for (const std::string kind :
       {"networks", "endpoints", "endpointstats", "policylists", "namespaces"}) {
    CAPTURE(kind);
    for (const std::string id : {"web", "6d3c5f0e-0000-4000-8000-00000000000", "..",
                                 "{6d3c5f0e-0000-4000-8000-000000000000"}) {
      CAPTURE(id);
      CHECK(hns.Get("/" + kind + "/" + id).code == CodeOf(abi::ERROR_INVALID_PARAMETER));
    }
    const Response missing = hns.Get("/" + kind + "/" + kNobody);
    CHECK_THAT(missing.error, Catch::StartsWith("Element not found."));
    CHECK_THAT(missing.error, Catch::EndsWith(kNobody));
  }
  const Response network = hns.Delete(std::string("/networks/") + kNobody);
  CHECK(network.code == CodeOf(abi::HCN_E_NETWORK_NOT_FOUND));
  CHECK_THAT(network.error, Catch::Contains("0x803b0001"));
  CHECK(hns.Delete(std::string("/endpoints/") + kNobody).code ==
        CodeOf(abi::HCN_E_ENDPOINT_NOT_FOUND));
}

TEST_CASE("a body that is no JSON object is refused, and nothing is made") {
  const StateFolder folder;
  TestHns hns(folder.path());
  const auto code = [&](const std::string& body) {
    const Json response = Json::parse(hns.service().Call("POST", "/networks/", body));
    return response["Success"] == false ? response["ErrorCode"].get<uint32_t>() : 0u;
  };
  CHECK(code("{") == CodeOf(abi::HCN_E_INVALID_JSON));
  CHECK(code("[]") == CodeOf(abi::HCN_E_INVALID_JSON));
  CHECK(code("nat") == CodeOf(abi::HCN_E_INVALID_JSON));
  CHECK(code(std::string(100, '[')) == CodeOf(abi::HCN_E_INVALID_JSON));
  CHECK(code("") == CodeOf(abi::HCN_E_INVALID_NETWORK_TYPE));
  CHECK(hns.Get("/networks/").output == Json::array());
}

TEST_CASE("a field of a wrong type, or there twice, is named") {
  const StateFolder folder;
  TestHns hns(folder.path());
  const auto error = [&](const Json& body) { return hns.Post("/networks/", body).error; };
  CHECK_THAT(error({{"type", 7}}), Catch::EndsWith("Type is not a string"));
  CHECK_THAT(error({{"Type", "nat"}, {"subnets", "10.0.0.0/8"}}),
             Catch::EndsWith("Subnets is not an array"));
  CHECK_THAT(error({{"Type", "nat"}, {"Subnets", {{{"addressprefix", 8}}}}}),
             Catch::EndsWith("Subnets[0].AddressPrefix is not a string"));
  CHECK_THAT(error({{"Type", "nat"}, {"TYPE", "overlay"}}), Catch::EndsWith("Type is there twice"));
}

TEST_CASE("the version follows the build") {
  const StateFolder folder;
  const auto version = [&](uint32_t build) {
    return TestHns(folder.path(), nullptr, build).Get("/globals/version").output;
  };
  CHECK(version(17134) == Json({{"Major", 7}, {"Minor", 2}}));
  CHECK(version(17763)["Major"] == 9);
  CHECK(version(20348)["Major"] == 13);
}

}  // namespace
}  // namespace hcs::emulator::hns::test
