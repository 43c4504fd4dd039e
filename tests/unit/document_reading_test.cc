#include <catch2/catch.hpp>
#include <string>

#include "core/document/document.h"
#include "core/document/invalid_field.h"
#include "google/rpc/error_details.pb.h"
#include "hcs/v1/compute_system.pb.h"
#include "hcs/v1/container_config.pb.h"
#include "hcs/v1/process_config.pb.h"
#include "hcs/v1/properties.pb.h"

namespace hcs::document {
namespace {

template <typename Message>
Message Read(std::string_view json, const Oddities& oddities = HostOddities()) {
  Message message;
  const absl::Status status = FromJson(json, &message, oddities);
  INFO(json << " " << status.ToString());
  REQUIRE(status.ok());
  return message;
}

template <typename Message>
std::string Problem(std::string_view json) {
  Message message;
  const absl::Status status = FromJson(json, &message);
  INFO(json);
  REQUIRE(status.code() == absl::StatusCode::kInvalidArgument);
  google::rpc::BadRequest request;
  REQUIRE(request.ParseFromString(std::string(*status.GetPayload(kBadRequestTypeUrl))));
  const auto& violation = request.field_violations(0);
  CHECK(std::string(status.message()) == violation.field() + ": " + violation.description());
  return std::string(status.message());
}

TEST_CASE("A wrong type is told with its path", "[document]") {
  using v1::ContainerConfig;
  CHECK(Problem<ContainerConfig>(R"({"Layers":[{},{},{"ID":5}]})") ==
        "Layers[2].ID: must be a string, is a number");
  CHECK(Problem<ContainerConfig>(R"({"Layers":{}})") == "Layers: must be an array, is an object");
  CHECK(Problem<ContainerConfig>(R"({"Layers":[null]})") ==
        "Layers[0]: must be an object, is null");
  CHECK(Problem<ContainerConfig>(R"({"EndpointList":["a",false]})") ==
        "EndpointList[1]: must be a string, is a boolean");
  CHECK(Problem<ContainerConfig>(R"({"HvRuntime":[]})") ==
        "HvRuntime: must be an object, is an array");
  CHECK(Problem<ContainerConfig>(R"({"Servicing":"true"})") ==
        "Servicing: must be a boolean, is a string");
  CHECK(Problem<ContainerConfig>(R"({"ProcessorCount":"2"})") ==
        "ProcessorCount: must be a number, is a string");
  CHECK(Problem<ContainerConfig>("[]") == "document: must be an object, is an array");
  CHECK(Problem<v1::ProcessConfig>(R"({"Environment":{"A":"1","B":2}})") ==
        "Environment.B: must be a string, is a number");
  CHECK(Problem<v1::ProcessConfig>(R"({"Environment":["A=1"]})") ==
        "Environment: must be an object, is an array");
  CHECK(Problem<v1::ProcessConfig>(R"({"OCISpecification":1})") ==
        "OCISpecification: must be an object, is a number");
}

TEST_CASE("Integers are checked for their range", "[document]") {
  using v1::ContainerConfig;
  CHECK(Problem<ContainerConfig>(R"({"ProcessorCount":4294967296})") ==
        "ProcessorCount: must be an integer from 0 to 4294967295, is 4294967296");
  CHECK(Problem<ContainerConfig>(R"({"ProcessorCount":-1})") ==
        "ProcessorCount: must be an integer from 0 to 4294967295, is -1");
  CHECK(Problem<ContainerConfig>(R"({"ProcessorCount":1.5})") ==
        "ProcessorCount: must be an integer from 0 to 4294967295, is 1.5");
  CHECK_THAT(Problem<ContainerConfig>(R"({"StorageSandboxSize":18446744073709551616})"),
             Catch::StartsWith("StorageSandboxSize: must be an integer from 0 to "));
  CHECK_THAT(Problem<ContainerConfig>(R"({"MemoryMaximumInMB":9223372036854775808})"),
             Catch::StartsWith("MemoryMaximumInMB: must be an integer from -"));
  CHECK_THAT(Problem<v1::ProcessStatus>(R"({"LastWaitResult":2147483648})"),
             Catch::StartsWith("LastWaitResult: must be an integer from -2147483648 to "));
  CHECK(Read<v1::ProcessStatus>(R"({"LastWaitResult":-2147483648})").last_wait_result() ==
        INT32_MIN);
}

TEST_CASE("null is no member", "[document]") {
  const auto config = Read<v1::ContainerConfig>(
      R"({"Owner":null,"Layers":null,"HvRuntime":null,"ProcessorCount":null})");
  CHECK(config.ByteSizeLong() == 0);
  const auto process = Read<v1::ProcessConfig>(R"({"Environment":{"A":null,"B":"1"}})");
  CHECK(process.environment().size() == 1);
  CHECK(Read<v1::Statistics>(R"({"Timestamp":null})").ByteSizeLong() == 0);
}

TEST_CASE("null is a Value like any other", "[document]") {
  const auto request = Read<v1::ModifySettingRequest>(R"({"Settings":null})");
  CHECK(request.settings().kind_case() == google::protobuf::Value::kNullValue);
  CHECK(*ToJson(request) == R"({"Settings":null})");
}

TEST_CASE("A field that is set to zero is set", "[document]") {
  const auto config =
      Read<v1::ContainerConfig>(R"({"Owner":"","ProcessorCount":0,"Servicing":false})");
  CHECK((config.has_owner() && config.has_processor_count() && config.has_servicing()));
  CHECK_FALSE(config.has_name());
}

TEST_CASE("Members that are not declared are kept and merged back", "[document]") {
  const std::string json =
      R"({"Layers":[{"ID":"1","New":[1,{"a":null}]}],"Owner":"me","Zeta":18446744073709551615})";
  const auto config = Read<v1::ContainerConfig>(json);
  CHECK(config.unknown_json() == R"({"Zeta":18446744073709551615})");
  CHECK(config.layers(0).unknown_json() == R"({"New":[1,{"a":null}]})");
  CHECK(*ToJson(config) == json);
}

TEST_CASE("Names are exact", "[document]") {
  const auto config = Read<v1::ContainerConfig>(R"({"owner":"x","system_type":"y"})");
  CHECK_FALSE(config.has_owner());
  CHECK(config.unknown_json() == R"({"owner":"x","system_type":"y"})");
}

TEST_CASE("Messages named as odd are read in any case", "[document]") {
  const Oddities oddities{.messages_of_any_case = {"hcs.v1.Layer"}};
  CHECK(Read<v1::Layer>(R"({"id":"1","PATH":"p"})", oddities).path() == "p");
  const auto both = Read<v1::Layer>(R"({"ID":"exact","Id":"other"})", oddities);
  CHECK(both.id() == "exact");
  CHECK(both.unknown_json() == R"({"Id":"other"})");
  CHECK(*ToJson(Read<v1::Layer>(R"({"iD":"1"})", oddities), oddities) == R"({"ID":"1"})");
}

TEST_CASE("The size of a console is an array, or an object", "[document]") {
  for (const char* json :
       {R"({"ConsoleSize":[25,80]})", R"({"ConsoleSize":{"Height":25,"Width":80}})"}) {
    const auto config = Read<v1::ProcessConfig>(json);
    CHECK(config.console_size().height() == 25);
    CHECK(config.console_size().width() == 80);
  }
  CHECK(Problem<v1::ProcessConfig>(R"({"ConsoleSize":[25]})") ==
        "ConsoleSize: must have 2 elements, has 1");
  CHECK(Problem<v1::ProcessConfig>(R"({"ConsoleSize":[25,"80"]})") ==
        "ConsoleSize[1]: must be a number, is a string");
  CHECK(Problem<v1::ProcessConfig>(R"({"ConsoleSize":{"Depth":1}})") ==
        "ConsoleSize.Depth: is not a member of this object");
  CHECK(Problem<v1::ProcessModifyRequest>(R"({"ConsoleSize":[25,80]})") ==
        "ConsoleSize: must be an object, is an array");
}

TEST_CASE("A Struct takes any object, a Value anything", "[document]") {
  const std::string json = R"({"HostedSystem":[1,2.5,"x",{"y":[]},null,true]})";
  CHECK(*ToJson(Read<v1::ComputeSystem>(json)) == json);
  const auto vm = Read<v1::ComputeSystem>(R"({"VirtualMachine":{"Chipset":{"Uefi":{}},"N":-3}})");
  CHECK(vm.virtual_machine().fields().at("N").number_value() == -3);
}

TEST_CASE("A number that a Value cannot hold is kept beside", "[document]") {
  const std::string json = R"({"Settings":{"Bytes":9007199254740993}})";
  const auto request = Read<v1::ModifySettingRequest>(json);
  CHECK_FALSE(request.has_settings());
  CHECK(request.unknown_json() == json);
  CHECK(*ToJson(request) == json);
  CHECK(Read<v1::ModifySettingRequest>(R"({"Settings":1152921504606846976})").has_settings());
  CHECK_FALSE(
      Read<v1::ModifySettingRequest>(R"({"Settings":18446744073709551615})").has_settings());
}

TEST_CASE("A time is told with its path when it is none", "[document]") {
  CHECK(Problem<v1::Statistics>(R"({"Timestamp":"yesterday"})") ==
        "Timestamp: must be a time such as 2016-10-21T14:05:00.1234567Z");
  CHECK(Problem<v1::Statistics>(R"({"Timestamp":12})") ==
        "Timestamp: must be a string, is a number");
}

TEST_CASE("Reading replaces what was there", "[document]") {
  v1::Layer layer;
  layer.set_path("old");
  layer.set_unknown_json("{\"Old\":1}");
  REQUIRE(FromJson("{\"ID\":\"new\"}", &layer).ok());
  CHECK_FALSE(layer.has_path());
  CHECK(layer.unknown_json().empty());
}

TEST_CASE("A syntax error is told with its place", "[document]") {
  CHECK_THAT(Problem<v1::Layer>("{\n\"ID\": }"), Catch::Contains("line 2, column 7"));
}

}  // namespace
}  // namespace hcs::document
