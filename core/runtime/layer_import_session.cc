#include "core/runtime/layer_import_session.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/document/invalid_field.h"
#include "core/runtime/layer_requests.h"
#include "core/runtime/services.h"

namespace hcs::runtime {

using Request = v1::ImportLayerRequest;
using Response = v1::ImportLayerResponse;

LayerImportSession::LayerImportSession(Services& services, CallContext context,
                                       absl::AnyInvocable<void()> accepted, Done<Response> done)
    : services_(services),
      context_(std::move(context)),
      accepted_(std::move(accepted)),
      done_(std::move(done)) {}

std::shared_ptr<LayerImportSession> LayerImportSession::Make(Services& services,
                                                             CallContext context,
                                                             absl::AnyInvocable<void()> accepted,
                                                             Done<Response> done) {
  return std::shared_ptr<LayerImportSession>(
      new LayerImportSession(services, std::move(context), std::move(accepted), std::move(done)));
}

void LayerImportSession::Give(Request message) {
  {
    absl::MutexLock lock(&mutex_);
    if (busy_) return;  // It has ended meanwhile.
    busy_ = true;
    ++messages_;
    silence_ = nullptr;
  }
  if (started_) {
    PostWork([this, message = std::move(message)]() mutable { Work(std::move(message)); });
  } else if (message.has_spec()) {
    started_ = true;
    Start(message.spec());
  } else {
    Close(document::InvalidField("spec", "must be the first message"));
  }
}

void LayerImportSession::Abort(absl::Status reason) {
  {
    absl::MutexLock lock(&mutex_);
    if (!aborted_.ok()) return;
    aborted_ = std::move(reason);
    if (!busy_) {
      busy_ = true;
      silence_ = nullptr;
      services_.calls.Post([self = shared_from_this()] { self->Close(self->AbortReason()); });
      return;
    }
  }
  // It may be waiting for its turn.
  context_.cancellation->Cancel();
}

absl::Status LayerImportSession::AbortReason() {
  absl::MutexLock lock(&mutex_);
  return aborted_;
}

void LayerImportSession::Start(const v1::ImportLayerSpec& spec) {
  auto wanted = WantedLayer::From(spec);
  if (!wanted.ok()) return Close(wanted.status());
  services_.requests.Run<v1::ImportLayerSpec, Response>(
      context_, spec, std::move(done_),
      [self = shared_from_this(), wanted = *std::move(wanted)](const CallContext& context,
                                                               Done<Response> done) mutable {
        self->done_ = std::move(done);
        self->TakeTurn(std::move(wanted), context);
      });
}

void LayerImportSession::TakeTurn(WantedLayer wanted, const CallContext& context) {
  LayerClaim claim = ClaimOf("ImportLayer", wanted.layer.path(), wanted.parents);
  services_.layer_turns.Take(
      std::move(claim), context,
      [self = shared_from_this(),
       wanted = std::move(wanted)](absl::StatusOr<LayerTurns::Turn> turn) mutable {
        if (!turn.ok()) return self->Close(turn.status());
        self->turn_ = *std::move(turn);
        self->PostWork([session = self.get(), wanted = std::move(wanted)]() mutable {
          session->Open(std::move(wanted));
        });
      });
}

// As many work at once as the lane lets; one that it has no room for ends here.
void LayerImportSession::PostWork(Task work) {
  absl::Status posted = services_.layer_changes.Post(
      CallLane::Priority::kOrdinary,
      [self = shared_from_this(), work = std::move(work)]() mutable { std::move(work)(); });
  if (posted.ok()) return;
  services_.calls.Post(
      [self = shared_from_this(), posted = std::move(posted)] { self->Close(posted); });
}

void LayerImportSession::Open(WantedLayer wanted) {
  auto present = FindImported(services_, wanted);
  if (!present.ok()) return Close(present.status());
  if (present->has_value()) return Close(*std::move(*present));
  auto intake = LayerIntake::Begin(services_, std::move(wanted));
  if (!intake.ok()) return Close(intake.status());
  intake_ = *std::move(intake);
  Rest();
}

void LayerImportSession::Work(Request message) {
  if (absl::Status aborted = AbortReason(); !aborted.ok()) return Close(std::move(aborted));
  if (message.has_done()) return Close(intake_->Finish());
  if (absl::Status taken = intake_->Take(&message); !taken.ok()) return Close(std::move(taken));
  Rest();
}

// Until the next message, or the end.
void LayerImportSession::Rest() {
  absl::Status aborted;
  {
    absl::MutexLock lock(&mutex_);
    aborted = aborted_;
    if (aborted.ok()) {
      busy_ = false;
      silence_ = services_.timers().After(services_.options.operation_timeout,
                                          [weak = weak_from_this(), messages = messages_] {
                                            if (const auto self = weak.lock())
                                              self->NoteSilence(messages);
                                          });
    }
  }
  if (!aborted.ok()) return Close(std::move(aborted));
  accepted_();
}

void LayerImportSession::NoteSilence(uint64_t messages) {
  {
    absl::MutexLock lock(&mutex_);
    if (messages != messages_) return;
  }
  Abort(absl::DeadlineExceededError(
      absl::StrCat("the client has sent nothing for ",
                   absl::FormatDuration(services_.options.operation_timeout))));
}

void LayerImportSession::Close(Answer answer) {
  intake_ = nullptr;  // Destroys the layer unless it is whole.
  turn_ = LayerTurns::Turn();
  std::move(done_)(std::move(answer));
}

}  // namespace hcs::runtime
