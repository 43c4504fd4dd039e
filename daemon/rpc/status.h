// absl::Status -> what goes over the wire, in one place.

#ifndef HCS_DAEMON_RPC_STATUS_H_
#define HCS_DAEMON_RPC_STATUS_H_

#include <cstddef>

#include "absl/status/status.h"
#include "grpcpp/support/status.h"

namespace hcs::rpc {

// A client refuses trailers of more than 8 KiB (gRPC's default) and then sees
// no status at all. So the message and the details are cut to sizes that fit
// whatever they hold: the message to this many bytes of its percent-encoded
// form, the serialised google.rpc.Status to this many before base64.
inline constexpr size_t kMaxMessageBytes = 2048;
inline constexpr size_t kMaxDetailsBytes = 3072;

// Same code and message. Every payload that is a message of the contract
// (hcs.v1.HostError, google.rpc.BadRequest) becomes a detail of a
// google.rpc.Status; a HostError brings a google.rpc.ErrorInfo with it (domain
// "hcs", reason its name; hresult, operation and object as metadata). What is
// too long ends in "... (truncated)".
grpc::Status ToGrpcStatus(const absl::Status& status);

}  // namespace hcs::rpc

#endif  // HCS_DAEMON_RPC_STATUS_H_
