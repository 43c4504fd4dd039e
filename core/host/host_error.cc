#include "core/host/host_error.h"

#include <string>

#include "absl/strings/cord.h"
#include "core/abi/hresult.h"
#include "core/host/result_document.h"

namespace hcs::host {
namespace {

struct OwnErrorEntry {
  OwnError error;
  std::string_view name;
  absl::StatusCode code;
  std::string_view meaning;
};

constexpr OwnErrorEntry kOwnErrors[] = {
    {OwnError::kHandleClosed, "HANDLE_CLOSED", absl::StatusCode::kAborted,
     "the handle has been closed"},
    {OwnError::kInvalidNotificationType, "INVALID_NOTIFICATION_TYPE", absl::StatusCode::kInternal,
     "invalid notification type"},
    {OwnError::kInvalidProcessState, "INVALID_PROCESS_STATE", absl::StatusCode::kFailedPrecondition,
     "the process is in an invalid state for that"},
    {OwnError::kTimeout, "TIMEOUT", absl::StatusCode::kDeadlineExceeded,
     "timed out waiting for the host's notification"},
    {OwnError::kUnexpectedContainerExit, "UNEXPECTED_CONTAINER_EXIT", absl::StatusCode::kAborted,
     "the container exited unexpectedly"},
    {OwnError::kUnexpectedProcessAbort, "UNEXPECTED_PROCESS_ABORT", absl::StatusCode::kUnavailable,
     "lost communication with the compute service"},
    {OwnError::kUnexpectedValue, "UNEXPECTED_VALUE", absl::StatusCode::kInternal,
     "the host answered with an unexpected value"},
};

const OwnErrorEntry& EntryOf(OwnError error) { return kOwnErrors[static_cast<size_t>(error)]; }

// "HcsStartComputeSystem(web): the words (NAME, 0x00000000)".
std::string Describe(const v1::HostError& error) {
  std::string text = error.operation();
  if (!error.object().empty()) text += "(" + error.object() + ")";
  text += (text.empty() ? "" : ": ") + error.message();
  if (error.hresult() == abi::S_OK) {
    text += " (" + error.name() + ")";
  } else {
    const std::string hresult = abi::HresultText(error.hresult());
    text += " (" + (error.name() == hresult ? "" : error.name() + ", ") + hresult + ")";
  }
  return text;
}

absl::Status ToStatus(absl::StatusCode code, const v1::HostError& error) {
  absl::Status status(code, Describe(error));
  status.SetPayload(kHostErrorTypeUrl, absl::Cord(error.SerializeAsString()));
  return status;
}

v1::HostError NewHostError(abi::HRESULT hresult, std::string_view name, CallSite site) {
  v1::HostError error;
  error.set_hresult(hresult);
  error.set_name(std::string(name));
  error.set_operation(std::string(site.operation));
  error.set_object(std::string(site.object));
  return error;
}

// The first bit that is set decides: where a code is of two classes, the order
// says which of them the status tells.
struct ClassCode {
  abi::HresultClass bit;
  absl::StatusCode code;
};
constexpr ClassCode kClassCodes[] = {
    {abi::kNotExist, absl::StatusCode::kNotFound},
    {abi::kMissing, absl::StatusCode::kNotFound},
    {abi::kAlreadyExists, absl::StatusCode::kAlreadyExists},
    {abi::kAlreadyStopped, absl::StatusCode::kFailedPrecondition},
    {abi::kInvalidState, absl::StatusCode::kFailedPrecondition},
    {abi::kInvalidArgument, absl::StatusCode::kInvalidArgument},
    {abi::kNotSupported, absl::StatusCode::kUnimplemented},
    {abi::kAccessDenied, absl::StatusCode::kPermissionDenied},
    {abi::kServiceDisconnected, absl::StatusCode::kUnavailable},
    {abi::kUnexpectedExit, absl::StatusCode::kAborted},
    {abi::kHandleClosed, absl::StatusCode::kAborted},
    {abi::kTimeout, absl::StatusCode::kDeadlineExceeded},
    {abi::kResourceExhausted, absl::StatusCode::kResourceExhausted},
};

}  // namespace

std::string_view OwnErrorName(OwnError error) { return EntryOf(error).name; }

absl::StatusCode StatusCodeOf(OwnError error) { return EntryOf(error).code; }

absl::StatusCode StatusCodeOf(abi::HRESULT hresult) {
  const uint32_t classes = abi::ClassifyHresult(hresult);
  for (const ClassCode& entry : kClassCodes) {
    if ((classes & entry.bit) != 0) return entry.code;
  }
  return absl::StatusCode::kInternal;
}

absl::Status MakeHostStatus(abi::HRESULT hresult, CallSite site, std::string_view result_document) {
  v1::HostError error = NewHostError(hresult, abi::HresultName(hresult), site);
  error.set_message(std::string(abi::HresultMeaning(hresult)));
  if (!result_document.empty()) ReadResultDocument(result_document, &error);
  if (error.message().empty()) error.set_message("the host reported an error");
  return ToStatus(StatusCodeOf(hresult), error);
}

absl::Status MakeOwnStatus(OwnError own, CallSite site, std::string_view detail) {
  const OwnErrorEntry& entry = EntryOf(own);
  v1::HostError error = NewHostError(abi::S_OK, entry.name, site);
  error.set_message(std::string(detail.empty() ? entry.meaning : detail));
  return ToStatus(entry.code, error);
}

absl::Status MakeMissingExportStatus(CallSite site) {
  constexpr abi::HRESULT kMissing = abi::ERROR_PROC_NOT_FOUND;
  v1::HostError error = NewHostError(kMissing, abi::HresultName(kMissing), site);
  error.set_message("this host does not export " + std::string(site.operation));
  return ToStatus(absl::StatusCode::kUnimplemented, error);
}

std::optional<v1::HostError> HostErrorOf(const absl::Status& status) {
  const auto payload = status.GetPayload(kHostErrorTypeUrl);
  v1::HostError error;
  if (!payload || !error.ParseFromString(std::string(*payload))) return std::nullopt;
  return error;
}

abi::HRESULT HresultOf(const absl::Status& status) {
  const auto error = HostErrorOf(status);
  return error ? error->hresult() : abi::S_OK;
}

bool IsOwnError(const absl::Status& status, OwnError own) {
  const auto error = HostErrorOf(status);
  return error && error->hresult() == abi::S_OK && error->name() == OwnErrorName(own);
}

}  // namespace hcs::host
