#include "core/runtime/process_session.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/host/host_error.h"
#include "core/runtime/container.h"
#include "core/runtime/output_queue.h"
#include "core/runtime/process.h"
#include "core/runtime/request_documents.h"
#include "core/runtime/services.h"
#include "core/runtime/validation.h"

namespace hcs::runtime {
namespace {

class Session : public ProcessSession {
 public:
  Session(Services& services, absl::AnyInvocable<void()> wake)
      : services_(services), queue_(std::make_shared<OutputQueue>(std::move(wake))) {}

  void Start(const v1::ExecStart& start) override {
    absl::StatusOr<ProcessDocument> document = DocumentOf(start, v1::ON_DISCONNECT_KILL);
    if (!document.ok()) return queue_->Finish(document.status());
    const auto container = services_.containers.Find(start.container_id());
    if (!container.ok()) return queue_->Finish(container.status());
    owns_process_ = true;
    (*container)
        ->processes()
        .Create(std::move(document->json), std::move(document->description),
                [self = Self()](absl::StatusOr<std::shared_ptr<Process>> process) {
                  self->OnProcess(std::move(process), /*wants_stdin=*/true);
                });
  }

  void Attach(const v1::AttachStart& attach) override {
    const auto container = services_.containers.Find(attach.container_id());
    if (!container.ok()) return queue_->Finish(container.status());
    OnProcess((*container)->processes().Find(attach.process_id()), attach.stdin());
  }

  void WriteStdin(std::string bytes, Accepted accepted) override {
    const auto process = StdinTarget("stdin");
    if (!process.ok()) return Refuse(process.status(), std::move(accepted));
    (*process)->hub()->WriteStdin(std::move(bytes), [accepted = std::move(accepted)]() mutable {
      std::move(accepted)(absl::OkStatus());
    });
  }

  void CloseStdin(Accepted accepted) override {
    const auto process = StdinTarget("close_stdin");
    if (!process.ok()) return Refuse(process.status(), std::move(accepted));
    {
      absl::MutexLock lock(&mutex_);
      stdin_closed_ = true;
    }
    (*process)->CloseStdin([accepted = std::move(accepted)](absl::Status) mutable {
      // Its end-of-file is not the call's to fail with: the exit tells all.
      std::move(accepted)(absl::OkStatus());
    });
  }

  void Resize(const v1::ConsoleSize& size, Accepted accepted) override {
    const auto process = Target();
    if (!process.ok()) return std::move(accepted)(process.status());
    if (absl::Status valid = CheckConsoleSize("resize", size); !valid.ok()) {
      return std::move(accepted)(std::move(valid));
    }
    (*process)->Resize(size, std::move(accepted));
  }

  void Signal(const v1::ProcessSignal& signal, Accepted accepted) override {
    const auto process = Target();
    if (!process.ok()) return std::move(accepted)(process.status());
    if (absl::Status valid = CheckSignal("signal", signal); !valid.ok()) {
      return std::move(accepted)(std::move(valid));
    }
    (*process)->Signal(signal, std::move(accepted));
  }

  std::optional<Next> Pull() override {
    std::optional<Next> next = queue_->Pull();
    if (next.has_value() && std::holds_alternative<End>(*next)) Leave(/*orderly=*/true);
    return next;
  }

  void Disconnect() override {
    queue_->Close();
    Leave(/*orderly=*/false);
  }

 private:
  std::shared_ptr<Session> Self() { return std::static_pointer_cast<Session>(shared_from_this()); }

  void OnProcess(absl::StatusOr<std::shared_ptr<Process>> process, bool wants_stdin) {
    if (!process.ok()) return queue_->Finish(process.status());
    if (wants_stdin && !(*process)->TakeStdin(this)) {
      return queue_->Finish(
          absl::FailedPreconditionError("another client owns the process' stdin"));
    }
    bool left = false, orderly = false;
    {
      absl::MutexLock lock(&mutex_);
      process_ = *process;
      owns_stdin_ = wants_stdin;
      left = left_;
    }
    if (left) return LetGo(**process, /*attached=*/false, /*orderly=*/false);
    v1::ProcessStarted started;
    *started.mutable_process() = (*process)->Describe();
    queue_->Push(std::move(started));
    (*process)->hub()->Attach(queue_);
    {
      absl::MutexLock lock(&mutex_);
      attached_ = true;
      left = left_;
      orderly = left_orderly_;
    }
    // It left meanwhile, and found nothing to let go.
    if (left) LetGo(**process, /*attached=*/true, orderly);
  }

  absl::StatusOr<std::shared_ptr<Process>> Target() const {
    absl::MutexLock lock(&mutex_);
    if (process_ != nullptr) return process_;
    return absl::FailedPreconditionError("the process has not been started");
  }

  absl::StatusOr<std::shared_ptr<Process>> StdinTarget(const char* field) const {
    auto process = Target();
    if (!process.ok()) return process;
    absl::MutexLock lock(&mutex_);
    if (!owns_stdin_) {
      return absl::FailedPreconditionError(
          absl::StrCat(field, ": this client does not own the process' stdin"));
    }
    if (stdin_closed_) {
      return absl::FailedPreconditionError(absl::StrCat(field, ": stdin is closed"));
    }
    return process;
  }

  // Ends the session with an error of the client's own making.
  void Refuse(absl::Status status, Accepted accepted) {
    queue_->Finish(status);
    std::move(accepted)(std::move(status));
  }

  // Once: the client has been told all, or is gone.
  void Leave(bool orderly) {
    std::shared_ptr<Process> process;
    {
      absl::MutexLock lock(&mutex_);
      if (std::exchange(left_, true)) return;
      left_orderly_ = orderly;
      if (attached_) process = process_;
    }
    if (process != nullptr) LetGo(*process, /*attached=*/true, orderly);
  }

  void LetGo(Process& process, bool attached, bool orderly) {
    process.LeaveStdin(this);
    if (attached) process.hub()->Detach(queue_);
    if (process.exited()) {
      if (owns_process_ && (orderly || process.on_disconnect() == v1::ON_DISCONNECT_KILL)) {
        process.CloseWhenExited();
      }
      return;
    }
    if (process.on_disconnect() != v1::ON_DISCONNECT_KILL) return;
    if (process.hub()->attached_clients() > 0) return;
    if (owns_process_) process.CloseWhenExited();
    process.Kill([](absl::Status) {});
  }

  Services& services_;
  const std::shared_ptr<OutputQueue> queue_;
  // Set before the process is, and constant from then on.
  bool owns_process_ = false;

  mutable absl::Mutex mutex_;
  std::shared_ptr<Process> process_ ABSL_GUARDED_BY(mutex_);
  bool owns_stdin_ ABSL_GUARDED_BY(mutex_) = false;
  bool stdin_closed_ ABSL_GUARDED_BY(mutex_) = false;
  // The hub delivers to queue_.
  bool attached_ ABSL_GUARDED_BY(mutex_) = false;
  bool left_ ABSL_GUARDED_BY(mutex_) = false;
  bool left_orderly_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace

std::shared_ptr<ProcessSession> NewProcessSession(Services& services, CallContext /*context*/,
                                                  absl::AnyInvocable<void()> wake) {
  return std::make_shared<Session>(services, std::move(wake));
}

}  // namespace hcs::runtime
