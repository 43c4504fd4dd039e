#include <catch2/catch.hpp>
#include <limits>
#include <string>

#include "core/document/document.h"
#include "hcs/v1/compute_system.pb.h"
#include "hcs/v1/container_config.pb.h"
#include "hcs/v1/process_config.pb.h"
#include "hcs/v1/properties.pb.h"

namespace hcs::document {
namespace {

std::string Write(const google::protobuf::Message& message) {
  const auto json = ToJson(message);
  INFO(json.status().ToString());
  REQUIRE(json.ok());
  return *json;
}

std::string Problem(const google::protobuf::Message& message) {
  const auto json = ToJson(message);
  REQUIRE(json.status().code() == absl::StatusCode::kInvalidArgument);
  return std::string(json.status().message());
}

TEST_CASE("What is not set is left out", "[document]") {
  CHECK(Write(v1::ContainerConfig()) == "{}");
  v1::ContainerConfig config;
  config.set_owner("");
  config.set_processor_count(0);
  config.set_servicing(false);
  config.mutable_hv_runtime();
  CHECK(Write(config) == R"({"HvRuntime":{},"Owner":"","ProcessorCount":0,"Servicing":false})");
}

TEST_CASE("A console's size has both numbers, height first", "[document]") {
  v1::ProcessConfig config;
  config.mutable_console_size()->set_width(80);
  CHECK(Write(config) == R"({"ConsoleSize":[0,80]})");
  v1::ProcessModifyRequest request;
  request.mutable_console_size()->set_width(80);
  CHECK(Write(request) == R"({"ConsoleSize":{"Height":0,"Width":80}})");
}

TEST_CASE("Integral doubles are written as integers", "[document]") {
  v1::ModifySettingRequest request;
  const auto with = [&](double number) {
    request.mutable_settings()->set_number_value(number);
    return Write(request);
  };
  CHECK(with(3) == R"({"Settings":3})");
  CHECK(with(-3) == R"({"Settings":-3})");
  CHECK(with(0.5) == R"({"Settings":0.5})");
  CHECK(with(9007199254740992) == R"({"Settings":9007199254740992})");
  CHECK(with(9223372036854775808.0) == R"({"Settings":9223372036854775808})");
  CHECK(with(-9223372036854775808.0) == R"({"Settings":-9223372036854775808})");
  CHECK(with(1e300) == R"({"Settings":1e+300})");
  CHECK(with(-0.0) == R"({"Settings":-0.0})");
}

TEST_CASE("What JSON cannot express is told with its path", "[document]") {
  v1::ComputeSystem system;
  auto& fields = *system.mutable_virtual_machine()->mutable_fields();
  fields["Rate"].mutable_list_value()->add_values()->set_number_value(
      std::numeric_limits<double>::quiet_NaN());
  CHECK(Problem(system) == "VirtualMachine.Rate[0]: must be a finite number");
  fields["Rate"].mutable_list_value()->mutable_values(0)->clear_kind();
  CHECK(Problem(system) == "VirtualMachine.Rate[0]: must be a value, is none");
  fields["Rate"].set_string_value("\xff");
  CHECK(Problem(system) == "VirtualMachine.Rate: must be valid UTF-8");
}

TEST_CASE("Invalid UTF-8 is told with its path", "[document]") {
  v1::ContainerConfig config;
  config.add_layers();
  config.add_layers()->set_path("a\xff");
  CHECK(Problem(config) == "Layers[1].Path: must be valid UTF-8");
  v1::ContainerConfig list;
  list.add_endpoint_list("\xc3");
  CHECK(Problem(list) == "EndpointList[0]: must be valid UTF-8");
  v1::ProcessConfig process;
  (*process.mutable_environment())["A"] = "\xff";
  CHECK(Problem(process) == "Environment.A: must be valid UTF-8");
  process.clear_environment();
  (*process.mutable_environment())["\xff"] = "1";
  CHECK(Problem(process) == "Environment.\uFFFD: must have a name in valid UTF-8");
}

TEST_CASE("unknown_json is checked", "[document]") {
  v1::ContainerConfig config;
  v1::Layer* layer = config.add_layers();
  layer->set_id("1");
  layer->set_unknown_json("{");
  CHECK_THAT(Problem(config), Catch::StartsWith("Layers[0].unknown_json: must be JSON: line 1, "));
  layer->set_unknown_json("[]");
  CHECK(Problem(config) == "Layers[0].unknown_json: must be a JSON object");
  layer->set_unknown_json(R"({"ID":"2"})");
  CHECK(Problem(config) == "Layers[0].unknown_json: must not repeat the field ID");
  layer->set_unknown_json(R"({"Path":"as raw"})");
  CHECK(Write(config) == R"({"Layers":[{"ID":"1","Path":"as raw"}]})");
  layer->set_unknown_json("\"\xff\"");
  CHECK_THAT(Problem(config), Catch::Contains("UTF-8"));
  layer->set_unknown_json("{\"a\":" + std::string(62, '[') + std::string(62, ']') + "}");
  CHECK_THAT(Problem(config), Catch::Contains("deeper"));
}

TEST_CASE("Depth is limited on writing", "[document]") {
  const auto nested = [](int depth) {
    v1::ModifySettingRequest request;
    auto* value = request.mutable_settings();
    for (int i = 0; i < depth; ++i) value = value->mutable_list_value()->add_values();
    value->set_bool_value(true);
    return request;
  };
  CHECK(ValidateJson(Write(nested(kMaxDocumentDepth - 1))).ok());
  CHECK_THAT(Problem(nested(kMaxDocumentDepth)), Catch::EndsWith(": is nested too deeply"));
  CHECK_THAT(Problem(nested(10000)), Catch::EndsWith(": is nested too deeply"));
}

TEST_CASE("Size is limited on writing", "[document]") {
  v1::Layer layer;
  layer.set_path(std::string(kMaxDocumentBytes, 'x'));
  CHECK_THAT(Problem(layer), Catch::StartsWith("document: must not be longer than 16777216"));
}

TEST_CASE("Times outside of what RFC 3339 can say are refused", "[document]") {
  v1::Statistics statistics;
  statistics.mutable_timestamp()->set_seconds(253402300800);
  CHECK(Problem(statistics) == "Timestamp: must be a time in the years 1 to 9999");
}

}  // namespace
}  // namespace hcs::document
