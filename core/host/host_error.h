// Errors of the host as absl::Status.
//
// The status carries hcs.v1.HostError as its payload, under the type URL that
// google.protobuf.Any would give it, so that whoever speaks gRPC can hand it on
// as an error detail without knowing it.

#ifndef HCS_CORE_HOST_HOST_ERROR_H_
#define HCS_CORE_HOST_HOST_ERROR_H_

#include <optional>
#include <string_view>

#include "absl/status/status.h"
#include "core/abi/vmcompute.h"
#include "hcs/v1/error.pb.h"

namespace hcs::host {

inline constexpr char kHostErrorTypeUrl[] = "type.googleapis.com/hcs.v1.HostError";

// What failed, and for what: the export's name, and the object it was called
// for (a system's id, "id:pid" for a process, empty for the service).
struct CallSite {
  std::string_view operation;
  std::string_view object;
};

// Errors that have no HRESULT, since it is not the host that reports them. Their
// meaning is that of the Go API of 2016.
enum class OwnError {
  kHandleClosed,
  kInvalidNotificationType,
  kInvalidProcessState,
  kTimeout,
  kUnexpectedContainerExit,
  // Communication with the compute service was lost while waiting.
  kUnexpectedProcessAbort,
  // The host answered with nothing, or with nonsense.
  kUnexpectedValue,
};

// "HANDLE_CLOSED" and so on: the `name` of its HostError.
std::string_view OwnErrorName(OwnError error);

// A failed call. `result_document` is what the host said of it: JSON by
// contract, but anything is kept as it came. `hresult` must not be S_OK.
absl::Status MakeHostStatus(abi::HRESULT hresult, CallSite site,
                            std::string_view result_document = {});

// An error of our own. `detail`, if given, stands in place of the error's usual
// words.
absl::Status MakeOwnStatus(OwnError error, CallSite site, std::string_view detail = {});

// UNIMPLEMENTED, naming the export. Its HostError is ERROR_PROC_NOT_FOUND, which
// is what the loader says of an export that is not there.
absl::Status MakeMissingExportStatus(CallSite site);

// The payload; nullopt for a status that has none.
std::optional<v1::HostError> HostErrorOf(const absl::Status& status);

// The HRESULT of the payload; S_OK when there is none.
abi::HRESULT HresultOf(const absl::Status& status);

bool IsOwnError(const absl::Status& status, OwnError error);

// The status code for an HRESULT or an error of our own: the one table, which
// also says what each code stands for in hcs.v1.
absl::StatusCode StatusCodeOf(abi::HRESULT hresult);
absl::StatusCode StatusCodeOf(OwnError error);

}  // namespace hcs::host

#endif  // HCS_CORE_HOST_HOST_ERROR_H_
