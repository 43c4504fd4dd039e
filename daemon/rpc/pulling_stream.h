// A stream whose downward messages are pulled from the runtime, one at a time,
// as fast as the client takes them.

#ifndef HCS_DAEMON_RPC_PULLING_STREAM_H_
#define HCS_DAEMON_RPC_PULLING_STREAM_H_

#include <memory>
#include <optional>
#include <utility>
#include <variant>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "daemon/rpc/call_gate.h"
#include "daemon/rpc/rpc_context.h"
#include "daemon/rpc/status.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/server_callback.h"

namespace hcs::rpc {

// `Reactor` is gRPC's ServerWriteReactor or ServerBidiReactor of byte buffers.
// At any time there is at most one of: a pull, a write, the end. A message
// counts as written once its bytes are in the socket (write-through), so that
// the next pull, which says that the client has taken it, is true.
template <typename Reactor>
class PullingStream : public Reactor,
                      public OpenCall,
                      public std::enable_shared_from_this<PullingStream<Reactor>> {
 public:
  // The next message, or the status that ends the stream.
  using Pulled = std::variant<grpc::ByteBuffer, grpc::Status>;

  // Enters the gate; the stream is gRPC's until it is done. A stream that may
  // not enter ends with the refusal, and false is returned.
  [[nodiscard]] bool Enter(CallGate* gate, CallGate::Span span) {
    self_ = this->shared_from_this();
    if (gate->Enter(this, span)) {
      gate_ = gate;
      return true;
    }
    End(CallGate::Refusal());
    return false;
  }

  // From any thread. A write that is under way comes first.
  void End(const grpc::Status& status) final {
    absl::MutexLock lock(&mutex_);
    if (end_.has_value()) return;
    end_ = status;
    if (!busy_) this->Finish(*end_);
  }

  // Pulls and writes until there is nothing to pull. From any thread; the
  // source's `wake` may call it.
  void Pump() {
    if (!BeginPull()) return;
    do {
      if (auto pulled = PullNext()) return Deliver(*std::move(pulled));
    } while (!Rest());
  }

 protected:
  ~PullingStream() override = default;

  // Never called by two threads at once, nor after the end.
  virtual std::optional<Pulled> PullNext() = 0;
  // The client is gone.
  virtual void OnGone() = 0;
  // gRPC is done with the stream: the source is to be let go.
  virtual void OnClosed() = 0;

  // Runs `action`, which may start a read, unless the stream has ended.
  template <typename Action>
  void UnlessEnded(Action action) {
    absl::MutexLock lock(&mutex_);
    if (!end_.has_value()) action();
  }

 private:
  bool BeginPull() {
    absl::MutexLock lock(&mutex_);
    woken_ = true;
    if (busy_ || end_.has_value()) return false;
    busy_ = true;
    woken_ = false;
    return true;
  }

  // After a pull that gave nothing: false when a wake came meanwhile.
  bool Rest() {
    absl::MutexLock lock(&mutex_);
    if (end_.has_value()) {
      busy_ = false;
      this->Finish(*end_);
      return true;
    }
    busy_ = std::exchange(woken_, false);
    return !busy_;
  }

  void Deliver(Pulled pulled) {
    absl::MutexLock lock(&mutex_);
    if (auto* message = std::get_if<grpc::ByteBuffer>(&pulled); message && !end_.has_value()) {
      message_.Swap(message);
      this->StartWrite(&message_, grpc::WriteOptions().set_write_through());
      return;
    }
    busy_ = false;
    if (!end_.has_value()) end_ = std::get<grpc::Status>(pulled);
    this->Finish(*end_);
  }

  void OnWriteDone(bool ok) final {
    {
      absl::MutexLock lock(&mutex_);
      busy_ = false;
      if (!ok && !end_.has_value()) end_ = grpc::Status::CANCELLED;
      if (end_.has_value()) return this->Finish(*end_);
    }
    Pump();
  }

  void OnCancel() final {
    OnGone();
    End(grpc::Status::CANCELLED);
  }

  void OnDone() final {
    if (gate_ != nullptr) gate_->Leave(this);
    OnClosed();
    const auto self = std::move(self_);
  }

  CallGate* gate_ = nullptr;
  std::shared_ptr<PullingStream> self_;
  absl::Mutex mutex_;
  bool busy_ ABSL_GUARDED_BY(mutex_) = false;
  bool woken_ ABSL_GUARDED_BY(mutex_) = false;
  std::optional<grpc::Status> end_ ABSL_GUARDED_BY(mutex_);
  grpc::ByteBuffer message_;  // Of the write that is under way.
};

// Serves a call of one request with a PullingStream of its own, whose
// `absl::Status Open(rpc, context, request)` begins it; what it refuses ends with its status.
template <typename Stream>
Stream* ServePulled(const RpcContext& rpc, const grpc::CallbackServerContext& context,
                    const grpc::ByteBuffer& request, CallGate::Span span) {
  auto stream = std::make_shared<Stream>();
  if (stream->Enter(&rpc.gate, span)) {
    const absl::Status status = stream->Open(rpc, context, request);
    if (!status.ok()) stream->End(ToGrpcStatus(status));
  }
  return stream.get();
}

}  // namespace hcs::rpc

#endif  // HCS_DAEMON_RPC_PULLING_STREAM_H_
