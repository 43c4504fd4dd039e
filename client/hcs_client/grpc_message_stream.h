// MessageStream over a gRPC server stream. Internal.

#ifndef HCS_CLIENT_HCS_CLIENT_GRPC_MESSAGE_STREAM_H_
#define HCS_CLIENT_HCS_CLIENT_GRPC_MESSAGE_STREAM_H_

#include <grpcpp/client_context.h>
#include <grpcpp/support/sync_stream.h>

#include <memory>
#include <utility>

#include "client/hcs_client/connection.h"
#include "client/hcs_client/message_stream.h"

namespace hcs::client {

template <typename Message>
class GrpcMessageStream final : public MessageStream<Message> {
 public:
  // `open` takes the context and returns the reader; it is called at once.
  template <typename Open>
  GrpcMessageStream(std::shared_ptr<const Connection> connection, const CallOptions& options,
                    Open open)
      : connection_(std::move(connection)) {
    Apply(options, context_);
    reader_ = open(&context_);
  }

  ~GrpcMessageStream() override {
    if (finished_) return;
    context_.TryCancel();
    reader_->Finish();
  }

  bool Next(Message* message) override { return reader_->Read(message); }

  absl::Status Finish() override {
    finished_ = true;
    return ToAbslStatus(reader_->Finish());
  }

  void Cancel() override { context_.TryCancel(); }

  // Blocks until the daemon has answered that the stream is in place, or ended it.
  void WaitForHeaders() { reader_->WaitForInitialMetadata(); }

 private:
  std::shared_ptr<const Connection> connection_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReader<Message>> reader_;
  bool finished_ = false;
};

}  // namespace hcs::client

#endif  // HCS_CLIENT_HCS_CLIENT_GRPC_MESSAGE_STREAM_H_
