#include "client/hcsctl/foreground_process.h"

#include <memory>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/hcs_client/error.h"
#include "client/hcsctl/detach_keys.h"
#include "client/hcsctl/exit_code.h"
#include "client/hcsctl/standard_streams.h"
#include "client/hcsctl/terminal.h"

namespace hcs::ctl {
namespace {

constexpr size_t kInputBuffer = 256 << 10;

// Stdin's thread, ended and joined in any case.
class InputThread {
 public:
  InputThread(StopEvent& stop, std::function<void()> run) : stop_(stop), thread_(std::move(run)) {}
  ~InputThread() {
    stop_.Set();
    thread_.join();
  }

 private:
  StopEvent& stop_;
  std::thread thread_;
};

}  // namespace

ForegroundProcess::ForegroundProcess(const ForegroundOptions& options)
    : options_(options), signals_([this](Signal signal) { HandleSignal(signal); }) {}

std::optional<Signal> ForegroundProcess::interrupted() const {
  const absl::MutexLock lock(&mutex_);
  return interrupted_;
}

absl::StatusOr<int> ForegroundProcess::Run(client::ProcessSession& session) {
  std::unique_ptr<RawTerminal> raw_terminal;
  if (options_.console && options_.input) {
    auto entered = RawTerminal::Enter();
    if (!entered.ok()) {
      session.Kill().IgnoreError();
      return entered.status();
    }
    raw_terminal = std::move(*entered);
  }
  {
    const absl::MutexLock lock(&mutex_);
    session_ = &session;
    if (options_.console) Resize();
    if (interrupted_) PassOn(*interrupted_);
  }
  absl::Status output;
  {
    std::optional<InputThread> input;
    if (options_.input) input.emplace(stop_input_, [&] { PumpInput(session); });
    output = PumpOutput(session);
    if (!output.ok()) session.Cancel();
  }
  {
    const absl::MutexLock lock(&mutex_);
    // Nobody can have the rest of the output.
    if (!output.ok() && !detached_ && !options_.watch_only) session.Kill().IgnoreError();
    session_ = nullptr;
  }
  return Outcome(output, session.Finish());
}

absl::Status ForegroundProcess::PumpOutput(client::ProcessSession& session) {
  OutputStream out(OutputStream::Target::kStdout, stop_output_);
  OutputStream err(OutputStream::Target::kStderr, stop_output_);
  while (std::optional<client::SessionEvent> event = session.Next()) {
    absl::Status status;
    if (const auto* bytes = std::get_if<client::StdoutBytes>(&*event)) {
      status = out.Write(bytes->bytes);
    } else if (const auto* bytes = std::get_if<client::StderrBytes>(&*event)) {
      status = err.Write(bytes->bytes);
    } else if (const auto* dropped = std::get_if<v1::OutputDropped>(&*event)) {
      status = err.Write(absl::StrCat("hcsctl: ", dropped->stdout_bytes(), " bytes of stdout and ",
                                      dropped->stderr_bytes(), " of stderr were dropped here\n"));
    } else {
      exit_ = std::get<v1::ProcessExit>(*std::move(event));
    }
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

void ForegroundProcess::PumpInput(client::ProcessSession& session) {
  InputStream in(stop_input_);
  DetachKeys keys;
  std::vector<char> buffer(kInputBuffer);
  while (const size_t count = in.Read(buffer.data(), buffer.size())) {
    const absl::string_view bytes(buffer.data(), count);
    if (!session.WriteStdin(options_.console ? keys.Pass(bytes) : bytes)) return;
    if (keys.detached()) {
      const absl::MutexLock lock(&mutex_);
      return Detach(std::nullopt);
    }
  }
  if (!stop_input_.IsSet()) session.CloseStdin();
}

absl::StatusOr<int> ForegroundProcess::Outcome(const absl::Status& output,
                                               const absl::Status& end) const {
  const absl::MutexLock lock(&mutex_);
  if (absl::IsAborted(output)) return kOutputClosed;
  if (detached_) return detached_for_ ? ExitCodeOf(*detached_for_) : 0;
  if (!output.ok()) return output;
  if (exit_) return killed_for_ ? ExitCodeOf(*killed_for_) : ProcessExitCode(*exit_);
  if (!end.ok()) return end;
  return absl::InternalError("the daemon ended the stream without the process' exit");
}

void ForegroundProcess::HandleSignal(Signal signal) {
  const absl::MutexLock lock(&mutex_);
  if (signal == Signal::kWindowChange) {
    if (options_.console) Resize();
    return;
  }
  const bool first = !interrupted_;
  if (first) interrupted_ = signal;
  if (session_ == nullptr) return;
  if (first && !options_.watch_only) {
    PassOn(signal);
  } else {
    Detach(signal);
  }
}

void ForegroundProcess::PassOn(Signal signal) {
  if (signal == Signal::kInterrupt) {
    v1::ProcessSignal ctrl_c;
    ctrl_c.set_name("CtrlC");
    // A host that cannot signal can still kill.
    if (!client::IsNotSupported(session_->Signal(ctrl_c))) return;
  }
  if (session_->Kill().ok()) killed_for_ = signal;
}

void ForegroundProcess::Resize() {
  const std::optional<v1::ConsoleSize> size = TerminalSize();
  // The process may be gone already, which its exit tells.
  if (session_ != nullptr && size) session_->Resize(*size).IgnoreError();
}

void ForegroundProcess::Detach(std::optional<Signal> signal) {
  detached_ = true;
  detached_for_ = signal;
  stop_output_.Set();
  if (session_ != nullptr) session_->Cancel();
}

}  // namespace hcs::ctl
