#include "tests/integration/raw_call.h"

#include "grpcpp/completion_queue.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/support/slice.h"
#include "tests/integration/calls.h"

namespace hcs::integration {
namespace {

grpc::ByteBuffer BufferOf(const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return grpc::ByteBuffer(&slice, 1);
}

std::string BytesOf(const grpc::ByteBuffer& buffer) {
  grpc::Slice slice;
  REQUIRE(buffer.DumpToSingleSlice(&slice).ok());
  return std::string(slice.begin(), slice.end());
}

// Waits for the one operation that is under way.
bool Done(grpc::CompletionQueue& queue) {
  void* tag = nullptr;
  bool ok = false;
  REQUIRE(queue.Next(&tag, &ok));
  return ok;
}

}  // namespace

RawAnswer RawCall(const std::shared_ptr<grpc::Channel>& channel, const std::string& method,
                  const std::vector<std::string>& messages) {
  Call call;
  grpc::CompletionQueue queue;
  grpc::GenericStub stub(channel);
  const auto stream = stub.PrepareCall(call.context(), method, &queue);
  RawAnswer answer;
  stream->StartCall(nullptr);
  bool going = Done(queue);
  for (size_t i = 0; going && i < messages.size(); ++i) {
    stream->Write(BufferOf(messages[i]), nullptr);
    going = Done(queue);
  }
  if (going) {
    stream->WritesDone(nullptr);
    Done(queue);
  }
  grpc::ByteBuffer received;
  for (stream->Read(&received, nullptr); Done(queue); stream->Read(&received, nullptr)) {
    answer.messages.push_back(BytesOf(received));
  }
  stream->Finish(&answer.status, nullptr);
  Done(queue);
  return answer;
}

}  // namespace hcs::integration
