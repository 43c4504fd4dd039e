#include "daemon/rpc/image_streams.h"

#include <memory>
#include <optional>
#include <utility>
#include <variant>

#include "absl/status/status.h"
#include "core/document/invalid_field.h"
#include "core/runtime/image_export.h"
#include "core/runtime/image_import.h"
#include "daemon/rpc/messages.h"
#include "daemon/rpc/pulling_stream.h"
#include "daemon/rpc/status.h"
#include "hcs/v1/image_service.pb.h"

namespace hcs::rpc {
namespace {

using BidiReactor = grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>;
using WriteReactor = grpc::ServerWriteReactor<grpc::ByteBuffer>;

// Of either runtime object: what it tells, as the stream wants it.
template <typename Source>
std::optional<std::variant<grpc::ByteBuffer, grpc::Status>> PullFrom(Source& source) {
  auto pulled = source.Pull();
  if (!pulled.has_value()) return std::nullopt;
  if (auto* end = std::get_if<typename Source::End>(&*pulled)) return ToGrpcStatus(end->status);
  return Serialize(std::get<0>(*pulled));
}

// A message is read once the one before has been written down, so that no more than one is
// in memory.
class ImportStream final : public PullingStream<BidiReactor> {
 public:
  static BidiReactor* Serve(const RpcContext& rpc, grpc::CallbackServerContext* context) {
    auto stream = std::make_shared<ImportStream>();
    if (stream->Enter(&rpc.gate, CallGate::Span::kFinite)) stream->Connect(rpc, *context);
    return stream.get();
  }

 private:
  void Connect(const RpcContext& rpc, const grpc::CallbackServerContext& context) {
    auto call = IdentifyCall(rpc, context);
    if (!call.ok()) return End(ToGrpcStatus(call.status()));
    import_ = rpc.runtime.NewImageImport(*std::move(call), [weak = weak_from_this()] {
      if (auto self = weak.lock()) self->Pump();
    });
    StartSendInitialMetadata();
    StartRead(&received_);
  }

  void OnReadDone(bool ok) override {
    // What is not whole leaves nothing; a client that has gone is cancelled besides.
    if (!ok) {
      if (!done_) Refuse(absl::InvalidArgumentError("the stream must end with done"));
      return;
    }
    v1::ImportImageRequest request;
    absl::Status status = Parse(received_, &request);
    received_.Clear();
    if (status.ok()) status = Accept(std::move(request));
    if (!status.ok()) Refuse(status);
  }

  absl::Status Accept(v1::ImportImageRequest request) {
    if (done_) return document::InvalidField("done", "must be the last message");
    if (request.has_start() == started_) {
      return document::InvalidField("start",
                                    started_ ? "must be sent once" : "must be the first message");
    }
    started_ = true;
    if (request.has_start()) {
      import_->Start(request.start(), OnAccepted());
    } else if (request.has_content()) {
      import_->Write(std::move(*request.mutable_content()), OnAccepted());
    } else if (request.has_done()) {
      done_ = true;
      ReadNext();  // So that what follows is refused.
      import_->Finish();
    } else {
      return document::InvalidField("message", "must be set");
    }
    return absl::OkStatus();
  }

  // An error is told by the import itself.
  runtime::ImageImport::Accepted OnAccepted() {
    return [weak = weak_from_this()](const absl::Status& status) {
      const auto self = std::static_pointer_cast<ImportStream>(weak.lock());
      if (self != nullptr && status.ok()) self->ReadNext();
    };
  }

  void ReadNext() {
    UnlessEnded([this] { StartRead(&received_); });
  }

  void Refuse(const absl::Status& status) {
    import_->Cancel();
    End(ToGrpcStatus(status));
  }

  std::optional<Pulled> PullNext() override { return PullFrom(*import_); }

  void OnGone() override {
    if (import_ != nullptr) import_->Cancel();
  }
  // However it ended; of one that has ended by itself nothing is left to cancel.
  void OnClosed() override { OnGone(); }

  std::shared_ptr<runtime::ImageImport> import_;
  grpc::ByteBuffer received_;  // Of the read that is under way.
  bool started_ = false;
  bool done_ = false;
};

class ExportStream final : public PullingStream<WriteReactor> {
 public:
  absl::Status Open(const RpcContext& rpc, const grpc::CallbackServerContext& context,
                    const grpc::ByteBuffer& buffer) {
    auto call = IdentifyCall(rpc, context);
    if (!call.ok()) return call.status();
    v1::ExportImageRequest request;
    if (absl::Status status = Parse(buffer, &request); !status.ok()) return status;
    export_ = rpc.runtime.NewImageExport(*std::move(call), [weak = weak_from_this()] {
      if (auto self = weak.lock()) self->Pump();
    });
    StartSendInitialMetadata();
    export_->Begin(request);
    return absl::OkStatus();
  }

 private:
  std::optional<Pulled> PullNext() override { return PullFrom(*export_); }

  void OnGone() override {
    if (export_ != nullptr) export_->Cancel();
  }
  void OnClosed() override { OnGone(); }

  std::shared_ptr<runtime::ImageExport> export_;
};

}  // namespace

BidiReactor* ServeImageImport(const RpcContext& rpc, grpc::CallbackServerContext* context) {
  return ImportStream::Serve(rpc, context);
}

WriteReactor* ServeImageExport(const RpcContext& rpc, grpc::CallbackServerContext* context,
                               const grpc::ByteBuffer& request) {
  return ServePulled<ExportStream>(rpc, *context, request, CallGate::Span::kFinite);
}

}  // namespace hcs::rpc
