// What a failed call means.
//
// Every call answers with an absl::Status. Its code and message are those of the gRPC
// status; each detail of the status (google.rpc.Status.details) is a payload, keyed by
// its type URL, so nothing that the daemon said is lost.
//
// The predicates have the meaning that the Go API of 2016 gave to them: they look at
// the HRESULT of the host where there is one, then at the symbolic name of an error
// that has none, then at the gRPC code, for what the daemon or this library found
// itself. They are not exclusive: "element not found" (0x80070490) and "procedure not
// found" (0x8007007F) are both IsNotExist and IsAlreadyStopped. All are false for OK.
// A daemon that cannot be reached, or goes down, is absl::IsUnavailable.

#ifndef HCS_CLIENT_HCS_CLIENT_ERROR_H_
#define HCS_CLIENT_HCS_CLIENT_ERROR_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "hcs/v1/error.pb.h"

namespace hcs::client {

// What the host said, or the daemon in its place. Empty for errors of other kinds,
// such as a malformed request or a daemon that cannot be reached.
std::optional<v1::HostError> HostErrorOf(const absl::Status& status);

// The fields that broke a rule, as "field: rule" (google.rpc.BadRequest).
std::vector<std::string> FieldViolationsOf(const absl::Status& status);

// The container or process itself does not exist.
bool IsNotExist(const absl::Status& status);
// Something of that name exists.
bool IsAlreadyExists(const absl::Status& status);
// The container or process has ended before.
bool IsAlreadyStopped(const absl::Status& status);
// Not a failure: the host completes it later.
bool IsPending(const absl::Status& status);
// A time limit of the daemon's or of this call ran out; the host may go on working.
bool IsTimeout(const absl::Status& status);
// Not possible in the present state of the container or process.
bool IsInvalidState(const absl::Status& status);
bool IsAccessDenied(const absl::Status& status);
// The host does not know the operation or the document.
bool IsNotSupported(const absl::Status& status);
// The connection between the daemon and the host's service was lost.
bool IsServiceDisconnected(const absl::Status& status);
// The container exited instead of doing what was asked.
bool IsUnexpectedExit(const absl::Status& status);
// The process was lost together with the host's service.
bool IsUnexpectedProcessAbort(const absl::Status& status);
// The daemon closed its handle while the call waited.
bool IsHandleClosed(const absl::Status& status);
// The exit code of a process that runs was asked for.
bool IsInvalidProcessState(const absl::Status& status);
bool IsInvalidNotificationType(const absl::Status& status);
// The host answered with nothing, or nonsense.
bool IsUnexpectedValue(const absl::Status& status);
// A file or folder that the call names is missing, such as a process' program.
bool IsMissingFile(const absl::Status& status);

}  // namespace hcs::client

#endif  // HCS_CLIENT_HCS_CLIENT_ERROR_H_
