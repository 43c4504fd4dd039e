#include <algorithm>
#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <vector>

#include "daemon/rpc/messages.h"
#include "grpcpp/support/slice.h"
#include "hcs/v1/container_service.pb.h"
#include "hcs/v1/process_service.pb.h"

namespace hcs::rpc {
namespace {

std::string BytesOf(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  REQUIRE(buffer.Dump(&slices).ok());
  std::string bytes;
  for (const grpc::Slice& slice : slices) bytes.append(slice.begin(), slice.end());
  return bytes;
}

grpc::ByteBuffer BufferOf(const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return grpc::ByteBuffer(&slice, 1);
}

runtime::OutputChunk ChunkOf(size_t size, runtime::OutputStream stream) {
  const std::shared_ptr<char[]> bytes(new char[size]);
  for (size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 31);
  return {.stream = stream, .bytes = bytes, .size = size};
}

TEST_CASE("output is encoded as protobuf would, for both methods") {
  const size_t size = GENERATE(0u, 1u, 127u, 128u, 1023u, 1024u, 65536u, 3'000'000u);
  const auto stream = GENERATE(runtime::OutputStream::kStdout, runtime::OutputStream::kStderr);
  const runtime::OutputChunk chunk = ChunkOf(size, stream);

  v1::ExecResponse exec;
  REQUIRE(exec.ParseFromString(BytesOf(SerializeOutput(chunk))));
  const bool is_stdout = stream == runtime::OutputStream::kStdout;
  CHECK(exec.message_case() == (is_stdout ? v1::ExecResponse::kStdout : v1::ExecResponse::kStderr));
  CHECK((is_stdout ? exec.stdout() : exec.stderr()) == chunk.view());

  v1::AttachResponse attach;
  REQUIRE(attach.ParseFromString(BytesOf(SerializeOutput(chunk))));
  CHECK((is_stdout ? attach.stdout() : attach.stderr()) == chunk.view());
}

TEST_CASE("the bytes of a large chunk are shared, and let go with the buffer") {
  runtime::OutputChunk chunk = ChunkOf(65536, runtime::OutputStream::kStdout);
  const std::weak_ptr<const char[]> bytes = chunk.bytes;
  {
    const grpc::ByteBuffer buffer = SerializeOutput(chunk);
    std::vector<grpc::Slice> slices;
    REQUIRE(buffer.Dump(&slices).ok());
    CHECK(std::any_of(slices.begin(), slices.end(), [&](const grpc::Slice& slice) {
      return static_cast<const void*>(slice.begin()) == chunk.bytes.get();
    }));
    chunk.bytes = nullptr;
    CHECK_FALSE(bytes.expired());
  }
  CHECK(bytes.expired());
}

TEST_CASE("a message goes there and back") {
  v1::GetContainerRequest request;
  request.set_id("web-1");
  v1::GetContainerRequest read;
  REQUIRE(Parse(Serialize(request), &read).ok());
  CHECK(read.id() == "web-1");
}

TEST_CASE("a text that is not UTF-8 is refused by name") {
  v1::GetContainerRequest request;
  const absl::Status status = Parse(BufferOf("\x0A\x02\xFF\xFE"), &request);
  CHECK(status.code() == absl::StatusCode::kInvalidArgument);
  CHECK(std::string(status.message()) == "GetContainerRequest.id: must be valid UTF-8");
}

TEST_CASE("bytes that are no message are refused by the message's name") {
  v1::GetContainerRequest request;
  const std::string bytes = GENERATE(std::string("\x0A\x7F"
                                                 "short"),
                                     std::string("\xFF"));
  const absl::Status status = Parse(BufferOf(bytes), &request);
  CHECK(status.code() == absl::StatusCode::kInvalidArgument);
  CHECK(std::string(status.message()).find("GetContainerRequest") != std::string::npos);
}

}  // namespace
}  // namespace hcs::rpc
