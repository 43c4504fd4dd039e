// ProcessSession over the bidirectional streams Exec and Attach, whose messages are the
// same, field by field. Internal.

#ifndef HCS_CLIENT_HCS_CLIENT_GRPC_PROCESS_SESSION_H_
#define HCS_CLIENT_HCS_CLIENT_GRPC_PROCESS_SESSION_H_

#include <grpcpp/client_context.h>
#include <grpcpp/support/sync_stream.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "client/hcs_client/connection.h"
#include "client/hcs_client/process_session.h"
#include "client/hcs_client/processes.h"

namespace hcs::client {

template <typename Request, typename Response>
class GrpcProcessSession final : public ProcessSession {
 public:
  using Stream = grpc::ClientReaderWriter<Request, Response>;

  // `open` takes the context and returns the stream; it is called at once.
  template <typename Open>
  GrpcProcessSession(std::shared_ptr<Connection> connection, const CallOptions& options, Open open)
      : connection_(std::move(connection)) {
    Apply(options, context_);
    stream_ = open(&context_);
  }

  ~GrpcProcessSession() override {
    if (finished_) return;
    context_.TryCancel();
    stream_->Finish();
  }

  // The first message up, and the first one down.
  absl::Status Begin(const Request& start) {
    Write(start);
    if (!stream_->Read(&response_)) {
      const absl::Status status = Finish();
      return status.ok() ? absl::InternalError("the daemon ended the stream before it began")
                         : status;
    }
    if (!response_.has_started()) {
      return absl::InternalError("the daemon sent output before it said that the process runs");
    }
    process_ = std::move(*response_.mutable_started()->mutable_process());
    return absl::OkStatus();
  }

  const v1::Process& process() const override { return process_; }

  std::optional<SessionEvent> Next() override {
    while (stream_->Read(&response_)) {
      switch (response_.message_case()) {
        case Response::kStdout: return StdoutBytes{std::move(*response_.mutable_stdout())};
        case Response::kStderr: return StderrBytes{std::move(*response_.mutable_stderr())};
        case Response::kDropped: return std::move(*response_.mutable_dropped());
        case Response::kExited: return std::move(*response_.mutable_exited());
        // What a newer daemon may send.
        default: break;
      }
    }
    return std::nullopt;
  }

  absl::Status Finish() override {
    finished_ = true;
    return ToAbslStatus(stream_->Finish());
  }

  bool WriteStdin(absl::string_view bytes) override {
    while (!bytes.empty()) {
      const absl::string_view piece = bytes.substr(0, kLargestPiece);
      Request request;
      request.mutable_stdin()->assign(piece.data(), piece.size());
      if (!Write(request)) return false;
      bytes.remove_prefix(piece.size());
    }
    return true;
  }

  bool CloseStdin() override {
    Request request;
    request.mutable_close_stdin();
    return Write(request);
  }

  absl::Status Resize(const v1::ConsoleSize& size) override {
    return Processes(connection_).ResizeConsole(Id(), size);
  }

  absl::Status Signal(const v1::ProcessSignal& signal) override {
    return Processes(connection_).Signal(Id(), signal);
  }

  absl::Status Kill() override { return Processes(connection_).Kill(Id()); }

  void Cancel() override { context_.TryCancel(); }

 private:
  static constexpr size_t kLargestPiece = 256 << 10;

  bool Write(const Request& request) ABSL_LOCKS_EXCLUDED(write_mutex_) {
    const absl::MutexLock lock(&write_mutex_);
    return stream_->Write(request);
  }

  ProcessId Id() const { return {process_.container_id(), process_.process_id()}; }

  std::shared_ptr<Connection> connection_;
  grpc::ClientContext context_;
  // gRPC allows one write at a time, beside one read.
  absl::Mutex write_mutex_;
  std::unique_ptr<Stream> stream_;
  v1::Process process_;
  Response response_;
  bool finished_ = false;
};

}  // namespace hcs::client

#endif  // HCS_CLIENT_HCS_CLIENT_GRPC_PROCESS_SESSION_H_
