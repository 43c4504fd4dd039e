#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "absl/strings/cord.h"
#include "client/hcs_client/error.h"
#include "core/abi/hresult.h"
#include "google/rpc/error_details.pb.h"

namespace hcs::client {
namespace {

absl::Status WithDetail(absl::Status status, const google::protobuf::Message& detail) {
  status.SetPayload("type.googleapis.com/" + detail.GetDescriptor()->full_name(),
                    absl::Cord(detail.SerializeAsString()));
  return status;
}

absl::Status OfHost(uint32_t hresult, absl::StatusCode code = absl::StatusCode::kInternal) {
  v1::HostError error;
  error.set_hresult(static_cast<int32_t>(hresult));
  error.set_name(abi::HresultName(error.hresult()));
  return WithDetail(absl::Status(code, "x"), error);
}

absl::Status Named(const std::string& name, absl::StatusCode code = absl::StatusCode::kInternal) {
  v1::HostError error;
  error.set_name(name);
  return WithDetail(absl::Status(code, "x"), error);
}

struct Predicate {
  std::string name;
  bool (*holds)(const absl::Status&);
};

// Those that hold, by name.
std::vector<std::string> Meanings(const absl::Status& status) {
  const Predicate predicates[] = {{"NotExist", IsNotExist},
                                  {"AlreadyExists", IsAlreadyExists},
                                  {"AlreadyStopped", IsAlreadyStopped},
                                  {"Pending", IsPending},
                                  {"Timeout", IsTimeout},
                                  {"InvalidState", IsInvalidState},
                                  {"AccessDenied", IsAccessDenied},
                                  {"NotSupported", IsNotSupported},
                                  {"ServiceDisconnected", IsServiceDisconnected},
                                  {"UnexpectedExit", IsUnexpectedExit},
                                  {"UnexpectedProcessAbort", IsUnexpectedProcessAbort},
                                  {"HandleClosed", IsHandleClosed},
                                  {"InvalidProcessState", IsInvalidProcessState},
                                  {"InvalidNotificationType", IsInvalidNotificationType},
                                  {"UnexpectedValue", IsUnexpectedValue},
                                  {"MissingFile", IsMissingFile}};
  std::vector<std::string> meanings;
  for (const Predicate& predicate : predicates) {
    if (predicate.holds(status)) meanings.push_back(predicate.name);
  }
  return meanings;
}

using Names = std::vector<std::string>;

TEST_CASE("HRESULTs mean what the Go API made of them") {
  CHECK(Meanings(OfHost(0xC037010E)) == Names{"NotExist"});
  CHECK(Meanings(OfHost(0x8037010E)) == Names{"NotExist"});
  CHECK(Meanings(OfHost(0xC0370110)) == Names{"AlreadyStopped"});
  CHECK(Meanings(OfHost(0x80370110)) == Names{"AlreadyStopped"});
  CHECK(Meanings(OfHost(0x8037011F)) == Names{"AlreadyStopped"});
  CHECK(Meanings(OfHost(0xC0370103)) == Names{"Pending"});
  CHECK(Meanings(OfHost(0xC0370105)) == Names{"InvalidState"});
  CHECK(Meanings(OfHost(0xC037010F)) == Names{"AlreadyExists"});
  CHECK(Meanings(OfHost(0x80070005)) == Names{"AccessDenied"});
  CHECK(Meanings(OfHost(0xC037010D)) == Names{"NotSupported"});
  CHECK(Meanings(OfHost(0x80070002)) == Names{"MissingFile"});
}

TEST_CASE("Element and procedure not found stay ambiguous") {
  CHECK(Meanings(OfHost(0x80070490)) == Names{"NotExist", "AlreadyStopped"});
  CHECK(Meanings(OfHost(0x8007007F)) == Names{"NotExist", "AlreadyStopped"});
}

TEST_CASE("The HRESULT counts before the code") {
  CHECK(Meanings(OfHost(0x80070002, absl::StatusCode::kNotFound)) == Names{"MissingFile"});
  CHECK(Meanings(OfHost(0xC0370109, absl::StatusCode::kDeadlineExceeded)).empty());
}

TEST_CASE("Errors without an HRESULT are known by their name") {
  CHECK(Meanings(Named("TIMEOUT")) == Names{"Timeout"});
  CHECK(Meanings(Named("HANDLE_CLOSED")) == Names{"HandleClosed"});
  CHECK(Meanings(Named("UNEXPECTED_CONTAINER_EXIT")) == Names{"UnexpectedExit"});
  CHECK(Meanings(Named("UNEXPECTED_PROCESS_ABORT")) == Names{"UnexpectedProcessAbort"});
  CHECK(Meanings(Named("INVALID_PROCESS_STATE", absl::StatusCode::kFailedPrecondition)) ==
        Names{"InvalidProcessState"});
  CHECK(Meanings(Named("INVALID_NOTIFICATION_TYPE")) == Names{"InvalidNotificationType"});
  CHECK(Meanings(Named("UNEXPECTED_VALUE")) == Names{"UnexpectedValue"});
}

TEST_CASE("Without a word of the host the code tells") {
  CHECK(Meanings(absl::NotFoundError("")) == Names{"NotExist"});
  CHECK(Meanings(absl::AlreadyExistsError("")) == Names{"AlreadyExists"});
  CHECK(Meanings(absl::DeadlineExceededError("")) == Names{"Timeout"});
  CHECK(Meanings(absl::PermissionDeniedError("")) == Names{"AccessDenied"});
  CHECK(Meanings(absl::UnimplementedError("")) == Names{"NotSupported"});
  CHECK(Meanings(absl::FailedPreconditionError("")) == Names{"InvalidState"});
  CHECK(Meanings(absl::UnavailableError("")).empty());
  CHECK(Meanings(absl::OkStatus()).empty());
  CHECK(absl::IsUnavailable(absl::UnavailableError("")));
}

TEST_CASE("Fields that broke a rule are told") {
  google::rpc::BadRequest bad_request;
  auto* violation = bad_request.add_field_violations();
  violation->set_field("id");
  violation->set_description("must not be empty");
  const absl::Status status = WithDetail(absl::InvalidArgumentError("x"), bad_request);
  CHECK(FieldViolationsOf(status) == Names{"id: must not be empty"});
  CHECK(FieldViolationsOf(absl::InvalidArgumentError("x")).empty());
}

TEST_CASE("A detail that cannot be read is none") {
  absl::Status status = absl::NotFoundError("x");
  status.SetPayload("type.googleapis.com/hcs.v1.HostError", absl::Cord("\xFF\xFF"));
  CHECK_FALSE(HostErrorOf(status).has_value());
  CHECK(IsNotExist(status));
}

}  // namespace
}  // namespace hcs::client
