#include "core/runtime/layer_export_session.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/document/invalid_field.h"
#include "core/runtime/layer_content_reader.h"
#include "core/runtime/layer_messages.h"
#include "core/runtime/layer_requests.h"
#include "core/runtime/layer_view.h"
#include "core/runtime/services.h"

namespace hcs::runtime {
namespace {

absl::Status CheckCompression(const v1::ExportLayerRequest& request) {
  const auto compression = FromMessage(request.compression());
  if (!compression.ok()) return compression.status();
  if (request.format() == v1::LAYER_FORMAT_ENTRIES && *compression != layer::Compression::kNone) {
    return document::InvalidField("compression", "must not be set: entries are not compressed");
  }
  const int most = *compression == layer::Compression::kGzip   ? 9
                   : *compression == layer::Compression::kZstd ? 19
                                                               : 0;
  const int level = request.compression_level();
  if (level >= 0 && level <= most) return absl::OkStatus();
  return document::InvalidField("compression_level",
                                absl::StrCat("must be 0 to ", most, ", is ", level));
}

v1::Event EventOf(const host::LayerAddress& layer) {
  v1::Event event;
  event.set_layer_path(layer.path());
  event.mutable_layer_progress()->set_operation("ExportLayer");
  return event;
}

// An export changes nothing, so that several may read one layer.
LayerClaim ReadingClaim(const std::string& path, const std::vector<std::string>& parents) {
  LayerClaim claim = ClaimOf("ExportLayer", path, parents);
  for (LayerClaim::Key& key : claim.keys) key.exclusive = false;
  return claim;
}

}  // namespace

LayerExportSession::LayerExportSession(Services& services, CallContext context,
                                       absl::AnyInvocable<void()> wake)
    : services_(services), context_(std::move(context)), wake_(std::move(wake)) {}

std::shared_ptr<LayerExportSession> LayerExportSession::Make(Services& services,
                                                             CallContext context,
                                                             absl::AnyInvocable<void()> wake) {
  return std::shared_ptr<LayerExportSession>(
      new LayerExportSession(services, std::move(context), std::move(wake)));
}

absl::Status LayerExportSession::Check(const v1::ExportLayerRequest& request) {
  auto layer = AddressIn(request);
  if (!layer.ok()) return layer.status();
  auto parents = CheckedParents(request.parents(), 0);
  if (!parents.ok()) return parents.status();
  absl::Status valid = CheckLayerFormat(request.format());
  if (valid.ok()) valid = CheckCompression(request);
  if (!valid.ok()) return valid;
  request_ = request;
  layer_ = *std::move(layer);
  parents_ = *std::move(parents);
  return absl::OkStatus();
}

void LayerExportSession::Start(const v1::ExportLayerRequest& request) {
  if (absl::Status valid = Check(request); !valid.ok()) return Close(std::move(valid));
  services_.layer_turns.Take(ReadingClaim(layer_.path(), parents_), context_,
                             [self = shared_from_this()](absl::StatusOr<LayerTurns::Turn> turn) {
                               if (!turn.ok()) return self->Close(turn.status());
                               self->turn_ = *std::move(turn);
                               self->PostWork();
                             });
}

void LayerExportSession::PostWork() {
  absl::Status posted = services_.layer_changes.Post(CallLane::Priority::kOrdinary,
                                                     [self = shared_from_this()] { self->Work(); });
  if (posted.ok()) return;
  services_.calls.Post(
      [self = shared_from_this(), posted = std::move(posted)] { self->Close(posted); });
}

// By whoever is busy: whether it is to go on; else it no longer is.
bool LayerExportSession::WorksOn() {
  busy_ = gone_ || ready_.size() < kMessagesAhead;
  return busy_;
}

void LayerExportSession::Work() {
  if (output_ == nullptr) {
    if (absl::Status opened = Open(); !opened.ok()) return Close(std::move(opened));
  }
  for (;;) {
    {
      absl::MutexLock lock(&mutex_);
      if (!WorksOn()) return;
      if (gone_) break;
    }
    auto message = output_->Next();
    if (!message.ok()) return Close(message.status());
    if (!message->has_value()) return Close(absl::OkStatus());
    progress_->Note(output_->progress().bytes(), output_->progress().entries());
    {
      absl::MutexLock lock(&mutex_);
      ready_.push_back(*std::move(*message));
    }
    wake_();
  }
  Close(absl::CancelledError("the client is gone"));
}

absl::Status LayerExportSession::Open() {
  if (parents_.empty()) {
    const auto layer = LayerView(services_).Describe(layer_, {.size = false, .users = false});
    if (!layer.ok()) return layer.status();
    parents_.assign(layer->parents().begin(), layer->parents().end());
  }
  auto reader = LayerContentReader::Begin(services_, layer_, parents_);
  if (!reader.ok()) return reader.status();
  progress_ = std::make_unique<LayerProgress>(services_, EventOf(layer_));
  if (request_.format() == v1::LAYER_FORMAT_ENTRIES) {
    output_ = OutputEntries(*std::move(reader));
    return absl::OkStatus();
  }
  const int level = request_.compression_level();
  output_ = OutputTar(*std::move(reader), TarFormatOf(request_.format()),
                      *FromMessage(request_.compression()),
                      level == 0 ? std::nullopt : std::optional<int>(level));
  return absl::OkStatus();
}

std::optional<LayerExportSession::Next> LayerExportSession::Pull() {
  absl::MutexLock lock(&mutex_);
  if (ready_.empty()) {
    if (end_) return End{*end_};
    return std::nullopt;
  }
  Next next = std::move(ready_.front());
  ready_.pop_front();
  if (!busy_ && !end_) {
    busy_ = true;
    PostWork();
  }
  return next;
}

void LayerExportSession::Disconnect() {
  {
    absl::MutexLock lock(&mutex_);
    if (gone_) return;
    gone_ = true;
    if (!busy_ && !end_) {
      busy_ = true;
      services_.calls.Post([self = shared_from_this()] { self->Work(); });
    }
  }
  context_.cancellation->Cancel();
}

void LayerExportSession::Close(absl::Status status) {
  output_ = nullptr;
  turn_ = LayerTurns::Turn();
  {
    absl::MutexLock lock(&mutex_);
    end_ = std::move(status);
  }
  wake_();
}

}  // namespace hcs::runtime
