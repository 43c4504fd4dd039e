#include "client/hcs_client/error.h"

#include <algorithm>
#include <cstdint>
#include <iterator>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "core/abi/hresult.h"
#include "google/rpc/error_details.pb.h"

namespace hcs::client {
namespace {

template <typename Message>
std::optional<Message> DetailOf(const absl::Status& status) {
  const auto payload =
      status.GetPayload(absl::StrCat("type.googleapis.com/", Message::descriptor()->full_name()));
  Message message;
  if (!payload || !message.ParseFromString(std::string(*payload))) return std::nullopt;
  return message;
}

// The errors of HostError.name that have no HRESULT.
bool IsNameWithoutHresult(absl::string_view name) {
  constexpr absl::string_view kNames[] = {
      "HANDLE_CLOSED",   "INVALID_NOTIFICATION_TYPE", "INVALID_PROCESS_STATE",
      "TIMEOUT",         "UNEXPECTED_CONTAINER_EXIT", "UNEXPECTED_PROCESS_ABORT",
      "UNEXPECTED_VALUE"};
  return std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
}

// How an error can be recognised: by its HRESULT, or without one by its name, or,
// without any word of the host, by the code.
struct Meaning {
  uint32_t hresult_class;
  absl::string_view name;
  std::optional<absl::StatusCode> code;
};

bool Has(const absl::Status& status, const Meaning& meaning) {
  if (status.ok()) return false;
  const std::optional<v1::HostError> error = HostErrorOf(status);
  if (error && error->hresult() != 0) {
    return (abi::ClassifyHresult(error->hresult()) & meaning.hresult_class) != 0;
  }
  if (error && IsNameWithoutHresult(error->name())) return error->name() == meaning.name;
  return meaning.code == status.code();
}

}  // namespace

std::optional<v1::HostError> HostErrorOf(const absl::Status& status) {
  return DetailOf<v1::HostError>(status);
}

std::vector<std::string> FieldViolationsOf(const absl::Status& status) {
  std::vector<std::string> lines;
  if (const auto bad_request = DetailOf<google::rpc::BadRequest>(status)) {
    for (const auto& violation : bad_request->field_violations()) {
      lines.push_back(absl::StrCat(violation.field(), ": ", violation.description()));
    }
  }
  return lines;
}

bool IsNotExist(const absl::Status& status) {
  return Has(status, {abi::kNotExist, "", absl::StatusCode::kNotFound});
}

bool IsAlreadyExists(const absl::Status& status) {
  return Has(status, {abi::kAlreadyExists, "", absl::StatusCode::kAlreadyExists});
}

bool IsAlreadyStopped(const absl::Status& status) {
  return Has(status, {abi::kAlreadyStopped, "", std::nullopt});
}

bool IsPending(const absl::Status& status) {
  return Has(status, {abi::kPending, "", std::nullopt});
}

bool IsTimeout(const absl::Status& status) {
  return Has(status, {abi::kNoClass, "TIMEOUT", absl::StatusCode::kDeadlineExceeded});
}

bool IsInvalidState(const absl::Status& status) {
  return Has(status, {abi::kInvalidState, "", absl::StatusCode::kFailedPrecondition});
}

bool IsAccessDenied(const absl::Status& status) {
  return Has(status, {abi::kAccessDenied, "", absl::StatusCode::kPermissionDenied});
}

bool IsNotSupported(const absl::Status& status) {
  return Has(status, {abi::kNotSupported, "", absl::StatusCode::kUnimplemented});
}

bool IsServiceDisconnected(const absl::Status& status) {
  return Has(status, {abi::kServiceDisconnected, "", std::nullopt});
}

bool IsUnexpectedExit(const absl::Status& status) {
  return Has(status, {abi::kUnexpectedExit, "UNEXPECTED_CONTAINER_EXIT", std::nullopt});
}

bool IsUnexpectedProcessAbort(const absl::Status& status) {
  return Has(status, {abi::kNoClass, "UNEXPECTED_PROCESS_ABORT", std::nullopt});
}

bool IsHandleClosed(const absl::Status& status) {
  return Has(status, {abi::kHandleClosed, "HANDLE_CLOSED", std::nullopt});
}

bool IsInvalidProcessState(const absl::Status& status) {
  return Has(status, {abi::kNoClass, "INVALID_PROCESS_STATE", std::nullopt});
}

bool IsInvalidNotificationType(const absl::Status& status) {
  return Has(status, {abi::kNoClass, "INVALID_NOTIFICATION_TYPE", std::nullopt});
}

bool IsUnexpectedValue(const absl::Status& status) {
  return Has(status, {abi::kNoClass, "UNEXPECTED_VALUE", std::nullopt});
}

bool IsMissingFile(const absl::Status& status) {
  return Has(status, {abi::kMissing, "", std::nullopt});
}

}  // namespace hcs::client
