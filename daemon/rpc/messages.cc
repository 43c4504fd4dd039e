#include "daemon/rpc/messages.h"

#include <array>
#include <cstdint>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/document/invalid_field.h"
#include "daemon/rpc/parse_log.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/wire_format_lite.h"
#include "grpcpp/impl/codegen/proto_utils.h"
#include "grpcpp/support/slice.h"
#include "hcs/v1/layer_service.pb.h"
#include "hcs/v1/process_service.pb.h"

namespace hcs::rpc {
namespace {

using google::protobuf::internal::WireFormatLite;

// Below this, copying is cheaper than sharing.
constexpr size_t kSharedFrom = 1024;

grpc::Slice SharedSlice(const runtime::OutputChunk& chunk) {
  auto owner = std::make_unique<std::shared_ptr<const char[]>>(chunk.bytes);
  char* bytes = const_cast<char*>(chunk.bytes.get());  // gRPC only reads them.
  return grpc::Slice(
      bytes, chunk.size,
      [](void* data) { delete static_cast<std::shared_ptr<const char[]>*>(data); },
      owner.release());
}

// What stands before the bytes of a message's only field.
grpc::Slice HeaderOfBytes(int field, size_t size) {
  std::array<uint8_t, 16> header;
  uint8_t* end = WireFormatLite::WriteTagToArray(field, WireFormatLite::WIRETYPE_LENGTH_DELIMITED,
                                                 header.data());
  end = google::protobuf::io::CodedOutputStream::WriteVarint32ToArray(static_cast<uint32_t>(size),
                                                                      end);
  return grpc::Slice(header.data(), end - header.data());
}

grpc::Slice OutputHeader(const runtime::OutputChunk& chunk) {
  const int field = chunk.stream == runtime::OutputStream::kStdout
                        ? v1::ExecResponse::kStdoutFieldNumber
                        : v1::ExecResponse::kStderrFieldNumber;
  return HeaderOfBytes(field, chunk.size);
}

}  // namespace

absl::Status Parse(const grpc::ByteBuffer& buffer, google::protobuf::Message* message) {
  ParseLog log;
  grpc::ByteBuffer shared(buffer);
  grpc::ProtoBufferReader reader(&shared);
  if (message->ParseFromZeroCopyStream(&reader)) return absl::OkStatus();
  const auto field = log.FieldWithInvalidUtf8();
  if (!field.empty()) return document::InvalidField(field, "must be valid UTF-8");
  return document::InvalidField(message->GetTypeName(), "cannot be read as such a message");
}

grpc::ByteBuffer Serialize(const google::protobuf::Message& message) {
  grpc::ByteBuffer buffer;
  bool own = false;
  const grpc::Status status =
      grpc::GenericSerialize<grpc::ProtoBufferWriter, google::protobuf::Message>(message, &buffer,
                                                                                 &own);
  GPR_CODEGEN_ASSERT(status.ok());  // Only messages beyond 2 GiB fail.
  return buffer;
}

grpc::ByteBuffer SerializeOutput(const runtime::OutputChunk& chunk) {
  const grpc::Slice header = OutputHeader(chunk);
  if (chunk.size >= kSharedFrom) {
    const std::array slices{header, SharedSlice(chunk)};
    return grpc::ByteBuffer(slices.data(), slices.size());
  }
  std::array<uint8_t, kSharedFrom + 16> whole;
  std::copy(header.begin(), header.end(), whole.begin());
  std::copy_n(chunk.bytes.get(), chunk.size, whole.begin() + header.size());
  const grpc::Slice slice(whole.data(), header.size() + chunk.size);
  return grpc::ByteBuffer(&slice, 1);
}

grpc::ByteBuffer SerializeTar(std::string tar) {
  const grpc::Slice header = HeaderOfBytes(v1::ExportLayerResponse::kTarFieldNumber, tar.size());
  auto owner = std::make_unique<std::string>(std::move(tar));
  char* bytes = owner->data();
  const size_t size = owner->size();
  const grpc::Slice content(
      bytes, size, [](void* data) { delete static_cast<std::string*>(data); }, owner.release());
  const std::array slices{header, content};
  return grpc::ByteBuffer(slices.data(), slices.size());
}

}  // namespace hcs::rpc
