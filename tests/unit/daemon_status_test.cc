#include <catch2/catch.hpp>
#include <string>

#include "core/document/invalid_field.h"
#include "core/host/host_error.h"
#include "daemon/rpc/status.h"
#include "daemon/rpc/text.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "hcs/v1/error.pb.h"

namespace hcs::rpc {
namespace {

google::rpc::Status DetailsOf(const grpc::Status& status) {
  google::rpc::Status details;
  REQUIRE(details.ParseFromString(status.error_details()));
  return details;
}

template <typename Message>
Message Detail(const grpc::Status& status) {
  const google::rpc::Status details = DetailsOf(status);
  for (const auto& any : details.details()) {
    Message message;
    if (any.UnpackTo(&message)) return message;
  }
  FAIL("the status has no " << Message::descriptor()->full_name());
  return {};
}

std::string Repeated(const std::string& text, int times) {
  std::string repeated;
  for (int i = 0; i < times; ++i) repeated += text;
  return repeated;
}

TEST_CASE("a status without payload keeps code and message, and has no details") {
  const grpc::Status status = ToGrpcStatus(absl::NotFoundError("no container \"a\""));
  CHECK(status.error_code() == grpc::StatusCode::NOT_FOUND);
  CHECK(status.error_message() == "no container \"a\"");
  CHECK(status.error_details().empty());
}

TEST_CASE("OK is OK") { CHECK(ToGrpcStatus(absl::OkStatus()).ok()); }

TEST_CASE("a host's error brings HostError and ErrorInfo") {
  const auto hresult = static_cast<abi::HRESULT>(0xC037010E);
  const grpc::Status status = ToGrpcStatus(host::MakeHostStatus(
      hresult, {.operation = "HcsOpenComputeSystem", .object = "nope"}, "{\"Error\": 1"));
  CHECK(status.error_code() == grpc::StatusCode::NOT_FOUND);
  const auto error = Detail<v1::HostError>(status);
  CHECK(error.hresult() == hresult);
  CHECK(error.raw_document() == "{\"Error\": 1");
  const auto info = Detail<google::rpc::ErrorInfo>(status);
  CHECK(info.domain() == "hcs");
  CHECK(info.reason() == error.name());
  CHECK(info.metadata().at("hresult") == "0xC037010E");
  CHECK(info.metadata().at("operation") == "HcsOpenComputeSystem");
  CHECK(info.metadata().at("object") == "nope");
}

TEST_CASE("an invalid field brings BadRequest") {
  const grpc::Status status =
      ToGrpcStatus(document::InvalidField("config.Layers[2].ID", "must be a GUID"));
  CHECK(status.error_code() == grpc::StatusCode::INVALID_ARGUMENT);
  const auto request = Detail<google::rpc::BadRequest>(status);
  REQUIRE(request.field_violations_size() == 1);
  CHECK(request.field_violations(0).field() == "config.Layers[2].ID");
}

TEST_CASE("whatever the host says, the trailers stay within a client's limit") {
  const std::string document = GENERATE(std::string(100'000, 'x'), Repeated("\xE2\x82\xAC", 40'000),
                                        "{\"ErrorMessage\": \"" + std::string(90'000, 'y') + "\"}");
  const grpc::Status status = ToGrpcStatus(host::MakeHostStatus(
      static_cast<abi::HRESULT>(0xC0370105),
      {.operation = "HcsStartComputeSystem", .object = std::string(255, 'o')}, document));
  CHECK(status.error_message().size() <= kMaxMessageBytes);
  CHECK(status.error_details().size() <= kMaxDetailsBytes);
  CHECK(Detail<v1::HostError>(status).hresult() == static_cast<int32_t>(0xC0370105));
}

TEST_CASE("a long message is cut by what it takes on the wire, between characters") {
  const std::string sent =
      ToGrpcStatus(absl::InternalError(Repeated("\xC3\xA4", 5000))).error_message();
  CHECK(sent.size() * 3 <= kMaxMessageBytes + 64);
  CHECK(sent.ends_with("... (truncated)"));
  CHECK(ValidUtf8(sent) == sent);
}

TEST_CASE("what is not UTF-8 is replaced") {
  CHECK(ValidUtf8("a\xFF"
                  "b") ==
        "a\xEF\xBF\xBD"
        "b");
  CHECK(ValidUtf8("\xC0\xAF") == "\xEF\xBF\xBD\xEF\xBF\xBD");                  // Overlong.
  CHECK(ValidUtf8("\xED\xA0\x80").find("\xED\xA0\x80") == std::string::npos);  // Surrogate.
  CHECK(ValidUtf8("\xF0\x9F\x98\x80") == "\xF0\x9F\x98\x80");
  CHECK(ValidUtf8("cut \xE2\x82") == "cut \xEF\xBF\xBD\xEF\xBF\xBD");
}

}  // namespace
}  // namespace hcs::rpc
