#include <catch2/catch.hpp>

#include "core/document/invalid_field.h"
#include "google/rpc/error_details.pb.h"

namespace hcs::document {
namespace {

google::rpc::BadRequest BadRequestOf(const absl::Status& status) {
  google::rpc::BadRequest request;
  const auto payload = status.GetPayload(kBadRequestTypeUrl);
  REQUIRE(payload.has_value());
  REQUIRE(request.ParseFromString(std::string(*payload)));
  REQUIRE(request.field_violations_size() == 1);
  return request;
}

TEST_CASE("An invalid field is told in words and as BadRequest", "[document]") {
  const absl::Status status = InvalidField("id", "must not be empty");
  CHECK(status.code() == absl::StatusCode::kInvalidArgument);
  CHECK(status.message() == "id: must not be empty");
  const auto request = BadRequestOf(status);
  CHECK(request.field_violations(0).field() == "id");
  CHECK(request.field_violations(0).description() == "must not be empty");
}

TEST_CASE("A field can be put inside of another", "[document]") {
  const auto within = [](std::string_view prefix, std::string_view field) {
    return BadRequestOf(InvalidFieldWithin(prefix, InvalidField(field, "rule")))
        .field_violations(0)
        .field();
  };
  CHECK(within("config", "Layers[2].ID") == "config.Layers[2].ID");
  CHECK(within("items", "[3]") == "items[3]");
  CHECK(within("", "a") == "a");
  CHECK(within("a", "") == "a");
  const absl::Status other = absl::NotFoundError("x");
  CHECK(InvalidFieldWithin("config", other) == other);
}

TEST_CASE("Bytes that are not UTF-8 can still be told", "[document]") {
  CHECK(InvalidField("a\xff", "\xc3(").message() == "a\uFFFD: \uFFFD(");
}

}  // namespace
}  // namespace hcs::document
