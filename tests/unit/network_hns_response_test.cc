#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <string>

#include "core/abi/hresult.h"
#include "core/host/host_error.h"
#include "core/network/hns_response.h"
#include "core/network/object_id.h"

namespace hcs::network {
namespace {

constexpr char kRequest[] = "GET /networks/x";

abi::HRESULT CodeOf(const std::string& response) {
  const auto output = OutputOf(kRequest, response);
  REQUIRE_FALSE(output.ok());
  return host::HresultOf(output.status());
}

TEST_CASE("the output of a success is given, or null", "[network]") {
  CHECK(OutputOf(kRequest, R"({"Success":true,"Output":[{"ID":"a"}]})")->dump() ==
        R"([{"ID":"a"}])");
  CHECK(OutputOf(kRequest, R"({"Success":true})")->is_null());
  CHECK(OutputOf(kRequest, R"({"Success":true,"Output":18446744073709551615})")->dump() ==
        "18446744073709551615");
}

TEST_CASE("a failure has HNS' words, its code, and the response as it came", "[network]") {
  const std::string response =
      R"({"Success":false,"Error":"The specified port already exists.","ErrorCode":2151350291})";
  const auto output = OutputOf(kRequest, response);
  CHECK(output.status().code() == absl::StatusCode::kAlreadyExists);
  const auto error = host::HostErrorOf(output.status());
  REQUIRE(error);
  CHECK(error->hresult() == abi::HCN_E_PORT_ALREADY_EXISTS);
  CHECK(error->name() == "HCN_E_PORT_ALREADY_EXISTS");
  CHECK(error->operation() == "HNSCall");
  CHECK(error->object() == kRequest);
  CHECK(error->message() == "The specified port already exists.");
  CHECK(error->raw_document() == response);
}

TEST_CASE("a failure's code is found however HNS tells it", "[network]") {
  CHECK(CodeOf(R"({"Success":false,"ErrorCode":-2143617023})") == abi::HCN_E_NETWORK_NOT_FOUND);
  CHECK(CodeOf(R"({"Success":false,"ErrorCode":1168})") == abi::ERROR_NOT_FOUND);
  CHECK(CodeOf(R"({"Success":false,"ErrorCode":0,"Error":"failed (0x803b0001): no"})") ==
        abi::HCN_E_NETWORK_NOT_FOUND);
  CHECK(CodeOf(R"({"Success":false,"Error":"0x12 HNS failed: Element not found. "})") ==
        abi::ERROR_NOT_FOUND);
  for (const char* code : {"99999", "4294967296", "-9223372036854775808", "0", "\"x\"", "1.5"}) {
    INFO(code);
    CHECK(CodeOf(std::string(R"({"Success":false,"Error":"no","ErrorCode":)") + code + "}") ==
          abi::E_FAIL);
  }
  CHECK(CodeOf(R"({"Success":false})") == abi::E_FAIL);
}

TEST_CASE("codes of HNS have a class", "[network]") {
  const auto code = [](const char* number) {
    return OutputOf(kRequest, std::string(R"({"Success":false,"ErrorCode":)") + number + "}")
        .status()
        .code();
  };
  CHECK(code("2147947410") == absl::StatusCode::kAlreadyExists);       // 0x80071392
  CHECK(code("2147943850") == absl::StatusCode::kResourceExhausted);   // 0x800705AA
  CHECK(code("2151350287") == absl::StatusCode::kFailedPrecondition);  // 0x803B000F
  CHECK(code("2151350301") == absl::StatusCode::kFailedPrecondition);  // 0x803B001D
  CHECK(code("2151350286") == absl::StatusCode::kInvalidArgument);     // 0x803B000E
  CHECK(code("2147943568") == absl::StatusCode::kNotFound);            // 0x80070490
}

TEST_CASE("what is no response of HNS is an unexpected value", "[network]") {
  for (const std::string response :
       {"", "{", "[]", "null", "{}", R"({"Success":"true"})", R"({"Success":null,"Output":{}})"}) {
    INFO(response);
    const auto output = OutputOf(kRequest, response);
    CHECK(host::IsOwnError(output.status(), host::OwnError::kUnexpectedValue));
  }
}

TEST_CASE("an id is a GUID, in whatever clothes", "[network]") {
  const std::string id = "0f9b9a8c-4a4d-4e2c-9c4c-5f5f3c6d7e8f";
  CHECK(ParseObjectId(id) == id);
  CHECK(ParseObjectId("0F9B9A8C-4A4D-4E2C-9C4C-5F5F3C6D7E8F") == id);
  CHECK(ParseObjectId("{" + id + "}") == id);
  CHECK(SameObjectId("{0F9B9A8C-4A4D-4E2C-9C4C-5F5F3C6D7E8F}", id));
  CHECK(SameObjectId("web", "web"));
  CHECK_FALSE(SameObjectId("web", id));
  for (const std::string& text : std::initializer_list<std::string>{
           std::string(), std::string("web"), id.substr(1), id + "0", "{" + id, "(" + id + ")",
           "0f9b9a8cx4a4d-4e2c-9c4c-5f5f3c6d7e8f", "gf9b9a8c-4a4d-4e2c-9c4c-5f5f3c6d7e8f",
           "../../../globals-4a4d-4e2c-9c4c-5f5f"}) {
    INFO(text);
    CHECK_FALSE(ParseObjectId(text));
  }
}

}  // namespace
}  // namespace hcs::network
