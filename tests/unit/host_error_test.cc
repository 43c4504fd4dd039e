#include "core/host/host_error.h"

#include <catch2/catch.hpp>
#include <string>

#include "core/abi/hresult.h"

namespace hcs::host {
namespace {

using absl::StatusCode;

v1::HostError ErrorOf(const absl::Status& status) {
  const auto error = HostErrorOf(status);
  REQUIRE(error);
  return *error;
}

TEST_CASE("Every HRESULT that is known has its status code", "[host]") {
  struct Expected {
    abi::HRESULT hresult;
    StatusCode code;
  };
  const Expected all[] = {
      {abi::VMCOMPUTE_SYSTEM_NOT_FOUND, StatusCode::kNotFound},
      {abi::HCS_E_SYSTEM_NOT_FOUND, StatusCode::kNotFound},
      {abi::ERROR_NOT_FOUND, StatusCode::kNotFound},
      {abi::ERROR_PROC_NOT_FOUND, StatusCode::kNotFound},
      {abi::ERROR_FILE_NOT_FOUND, StatusCode::kNotFound},
      {abi::ERROR_PATH_NOT_FOUND, StatusCode::kNotFound},
      {abi::HCN_E_NETWORK_NOT_FOUND, StatusCode::kNotFound},
      {abi::VMCOMPUTE_SYSTEM_ALREADY_EXISTS, StatusCode::kAlreadyExists},
      {abi::ERROR_ALREADY_EXISTS, StatusCode::kAlreadyExists},
      {abi::HCN_E_PORT_ALREADY_EXISTS, StatusCode::kAlreadyExists},
      {abi::VMCOMPUTE_INVALID_STATE, StatusCode::kFailedPrecondition},
      {abi::HCS_E_INVALID_STATE, StatusCode::kFailedPrecondition},
      {abi::VMCOMPUTE_SYSTEM_ALREADY_STOPPED, StatusCode::kFailedPrecondition},
      {abi::HCS_E_PROCESS_ALREADY_STOPPED, StatusCode::kFailedPrecondition},
      {abi::VMCOMPUTE_INVALID_JSON, StatusCode::kInvalidArgument},
      {abi::ERROR_INVALID_PARAMETER, StatusCode::kInvalidArgument},
      {abi::ERROR_INVALID_DATA, StatusCode::kInvalidArgument},
      {abi::ERROR_DIRECTORY, StatusCode::kInvalidArgument},
      {abi::ERROR_NOT_SUPPORTED, StatusCode::kUnimplemented},
      {abi::VMCOMPUTE_UNKNOWN_MESSAGE, StatusCode::kUnimplemented},
      {abi::E_NOTIMPL, StatusCode::kUnimplemented},
      {abi::ERROR_ACCESS_DENIED, StatusCode::kPermissionDenied},
      {abi::HCS_E_ACCESS_DENIED, StatusCode::kPermissionDenied},
      {abi::ERROR_PRIVILEGE_NOT_HELD, StatusCode::kPermissionDenied},
      {abi::RPC_S_SERVER_UNAVAILABLE, StatusCode::kUnavailable},
      {abi::RPC_S_CALL_FAILED, StatusCode::kUnavailable},
      {abi::HCS_E_SERVICE_DISCONNECT, StatusCode::kUnavailable},
      {abi::VMCOMPUTE_UNEXPECTED_EXIT, StatusCode::kAborted},
      {abi::ERROR_OUTOFMEMORY, StatusCode::kResourceExhausted},
      {abi::ERROR_DISK_FULL, StatusCode::kResourceExhausted},
      {abi::E_FAIL, StatusCode::kInternal},
      {static_cast<abi::HRESULT>(0x8000BEEF), StatusCode::kInternal},
  };
  for (const auto& [hresult, code] : all) {
    INFO(abi::HresultName(hresult));
    CHECK(StatusCodeOf(hresult) == code);
    CHECK(MakeHostStatus(hresult, {"HcsX", "a"}).code() == code);
  }
}

TEST_CASE("A failed call is told in words and as HostError", "[host]") {
  const absl::Status status =
      MakeHostStatus(abi::VMCOMPUTE_SYSTEM_NOT_FOUND, {"HcsOpenComputeSystem", "web"});
  CHECK(status.message() ==
        "HcsOpenComputeSystem(web): no such compute system (VMCOMPUTE_SYSTEM_NOT_FOUND, "
        "0xC037010E)");
  const v1::HostError error = ErrorOf(status);
  CHECK(error.hresult() == abi::VMCOMPUTE_SYSTEM_NOT_FOUND);
  CHECK(error.name() == "VMCOMPUTE_SYSTEM_NOT_FOUND");
  CHECK(error.operation() == "HcsOpenComputeSystem");
  CHECK(error.object() == "web");
  CHECK(error.message() == "no such compute system");
  CHECK(HresultOf(status) == abi::VMCOMPUTE_SYSTEM_NOT_FOUND);
}

TEST_CASE("An HRESULT that nobody knows is told by its number", "[host]") {
  const absl::Status status = MakeHostStatus(static_cast<abi::HRESULT>(0x8000BEEF), {"HcsX", ""});
  CHECK(status.message() == "HcsX: the host reported an error (0x8000BEEF)");
}

TEST_CASE("A result document gives the words and the events", "[host]") {
  const std::string document = R"({
    "Error": -1070137074, "ErrorMessage": "No such thing",
    "ErrorEvents": [
      {"Message": "m1", "Provider": "p", "EventId": 7, "Flags": 1, "Source": "s",
       "StackTrace": "t", "Data": [{"Type": "string", "Value": "x"}]},
      {"Message": "m2"}]})";
  const absl::Status status =
      MakeHostStatus(abi::VMCOMPUTE_SYSTEM_NOT_FOUND, {"HcsX", "a"}, document);
  CHECK_THAT(std::string(status.message()), Catch::StartsWith("HcsX(a): No such thing ("));
  const v1::HostError error = ErrorOf(status);
  CHECK(error.raw_document() == document);
  REQUIRE(error.events_size() == 2);
  CHECK(error.events(0).message() == "m1");
  CHECK(error.events(0).event_id() == 7);
  CHECK(error.events(0).unknown_json() == R"({"Data":[{"Type":"string","Value":"x"}]})");
  CHECK(error.events(1).message() == "m2");
}

TEST_CASE("A result document may be anything, and is kept", "[host]") {
  for (const char* document :
       {"garbage", "{", "[]", "null", "\"text\"", R"({"ErrorMessage": 5})",
        R"({"ErrorEvents": {"Message": "m"}})", R"({"ErrorEvents": ["x", 1, null]})",
        R"({"ErrorEvents": [{"Message": 1}]})", "Le système est introuvable"}) {
    INFO(document);
    const v1::HostError error = ErrorOf(MakeHostStatus(abi::E_FAIL, {"HcsX", "a"}, document));
    CHECK(error.raw_document() == document);
    CHECK(error.message() == "unspecified failure");
    CHECK(error.events_size() == 0);
  }
}

TEST_CASE("One bad event does not hide the others", "[host]") {
  const v1::HostError error = ErrorOf(MakeHostStatus(
      abi::E_FAIL, {"HcsX", "a"}, R"({"ErrorEvents": [{"EventId": "x"}, {"EventId": 2}]})"));
  REQUIRE(error.events_size() == 1);
  CHECK(error.events(0).event_id() == 2);
}

TEST_CASE("Errors of our own have a name and no HRESULT", "[host]") {
  struct Expected {
    OwnError error;
    const char* name;
    StatusCode code;
  };
  const Expected all[] = {
      {OwnError::kHandleClosed, "HANDLE_CLOSED", StatusCode::kAborted},
      {OwnError::kInvalidNotificationType, "INVALID_NOTIFICATION_TYPE", StatusCode::kInternal},
      {OwnError::kInvalidProcessState, "INVALID_PROCESS_STATE", StatusCode::kFailedPrecondition},
      {OwnError::kTimeout, "TIMEOUT", StatusCode::kDeadlineExceeded},
      {OwnError::kUnexpectedContainerExit, "UNEXPECTED_CONTAINER_EXIT", StatusCode::kAborted},
      {OwnError::kUnexpectedProcessAbort, "UNEXPECTED_PROCESS_ABORT", StatusCode::kUnavailable},
      {OwnError::kUnexpectedValue, "UNEXPECTED_VALUE", StatusCode::kInternal},
  };
  for (const auto& [own, name, code] : all) {
    INFO(name);
    const absl::Status status = MakeOwnStatus(own, {"HcsX", "a"});
    CHECK(status.code() == code);
    CHECK(StatusCodeOf(own) == code);
    CHECK(OwnErrorName(own) == name);
    CHECK(ErrorOf(status).name() == name);
    CHECK(ErrorOf(status).hresult() == 0);
    CHECK(IsOwnError(status, own));
    CHECK_FALSE(IsOwnError(absl::Status(code, "other"), own));
  }
  CHECK(MakeOwnStatus(OwnError::kTimeout, {"HcsX", "a"}, "it took 4 minutes").message() ==
        "HcsX(a): it took 4 minutes (TIMEOUT)");
}

TEST_CASE("A missing export is not implemented, and named", "[host]") {
  const absl::Status status = MakeMissingExportStatus({"HNSCall", ""});
  CHECK(status.code() == StatusCode::kUnimplemented);
  CHECK_THAT(std::string(status.message()), Catch::Contains("does not export HNSCall"));
  CHECK(HresultOf(status) == abi::ERROR_PROC_NOT_FOUND);
}

TEST_CASE("A status without a payload is none of the host's", "[host]") {
  CHECK_FALSE(HostErrorOf(absl::InternalError("x")));
  CHECK_FALSE(HostErrorOf(absl::OkStatus()));
  CHECK(HresultOf(absl::InternalError("x")) == abi::S_OK);
}

}  // namespace
}  // namespace hcs::host
