// Messages of the contract <-> gRPC's buffers.
//
// The services take raw buffers, since gRPC answers a request that it cannot
// parse with a bare UNIMPLEMENTED.

#ifndef HCS_DAEMON_RPC_MESSAGES_H_
#define HCS_DAEMON_RPC_MESSAGES_H_

#include <string>

#include "absl/status/status.h"
#include "core/runtime/output_chunk.h"
#include "google/protobuf/message.h"
#include "grpcpp/support/byte_buffer.h"

namespace hcs::rpc {

// INVALID_ARGUMENT, as from document::InvalidField: not of the message's form,
// or a text (which is named) that is not UTF-8.
absl::Status Parse(const grpc::ByteBuffer& buffer, google::protobuf::Message* message);

grpc::ByteBuffer Serialize(const google::protobuf::Message& message);

// An ExecResponse (or AttachResponse, which is the same on the wire) that
// carries `chunk`. Its bytes are shared, not copied.
grpc::ByteBuffer SerializeOutput(const runtime::OutputChunk& chunk);

// An ExportLayerResponse with `tar`, whose bytes are not copied.
grpc::ByteBuffer SerializeTar(std::string tar);

}  // namespace hcs::rpc

#endif  // HCS_DAEMON_RPC_MESSAGES_H_
