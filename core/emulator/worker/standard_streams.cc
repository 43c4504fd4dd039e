#include "core/emulator/worker/standard_streams.h"

#include "core/emulator/errno_status.h"
#include "core/emulator/worker/descriptors.h"
#include "core/platform/pseudo_terminal.h"

namespace hcs::emulator::worker {

using platform::UniqueFd;

Outcome<std::unique_ptr<StandardStreams>> StandardStreams::Open(EventLoop* loop,
                                                                const ProcessDocument& document) {
  std::unique_ptr<StandardStreams> streams(new StandardStreams(loop));
  const int error =
      document.emulate_console ? streams->OpenConsole(document) : streams->OpenPipes(document);
  if (error != 0) return ErrnoStatus(error, "making the standard streams");
  return streams;
}

int StandardStreams::OpenConsole(const ProcessDocument& document) {
  platform::PseudoTerminal console;
  if (int error = OpenPseudoTerminal(document.console_size, &console)) return error;
  terminal_ = std::move(console.controller);
  process_stdin_ = std::move(console.terminal);
  Pipe pipe;
  if (document.create_stdin_pipe) {
    if (int error = OpenPipe(&pipe)) return error;
    input_source_ = std::move(pipe.reader);
    client_stdin_ = std::move(pipe.writer);
  }
  if (document.create_stdout_pipe) {
    if (int error = OpenPipe(&pipe)) return error;
    output_target_ = std::move(pipe.writer);
    client_stdout_ = std::move(pipe.reader);
  }
  return 0;
}

int StandardStreams::OpenPipes(const ProcessDocument& document) {
  Pipe pipe;
  if (document.create_stdin_pipe) {
    if (int error = OpenPipe(&pipe)) return error;
    input_source_ = std::move(pipe.reader);
    client_stdin_ = std::move(pipe.writer);
    if (int error = OpenPipe(&pipe)) return error;
    process_stdin_ = std::move(pipe.reader);
    input_target_ = std::move(pipe.writer);
  }
  if (document.create_stdout_pipe) {
    if (int error = OpenPipe(&pipe)) return error;
    client_stdout_ = std::move(pipe.reader);
    process_stdout_ = std::move(pipe.writer);
  }
  if (document.create_stderr_pipe) {
    if (int error = OpenPipe(&pipe)) return error;
    client_stderr_ = std::move(pipe.reader);
    process_stderr_ = std::move(pipe.writer);
  }
  return 0;
}

void StandardStreams::BeginSpawn(platform::SpawnRequest* request) const {
  const bool console = static_cast<bool>(terminal_);
  request->controlling_terminal = console;
  request->stdin_fd = process_stdin_.get();
  request->stdout_fd = console ? process_stdin_.get() : process_stdout_.get();
  request->stderr_fd = console ? process_stdin_.get() : process_stderr_.get();
}

void StandardStreams::EndSpawn() {
  process_stdin_.reset();
  process_stdout_.reset();
  process_stderr_.reset();
  if (terminal_) {
    output_ = std::make_unique<OutputRelay>(loop_, terminal_.get(), std::move(output_target_));
  }
  if (!input_source_) return;
  input_ =
      terminal_
          ? std::make_unique<InputRelay>(loop_, std::move(input_source_), terminal_.get())
          : std::make_unique<InputRelay>(loop_, std::move(input_source_), std::move(input_target_));
}

std::vector<std::pair<StandardStream, UniqueFd>> StandardStreams::ClientEnds() const {
  std::vector<std::pair<StandardStream, UniqueFd>> ends;
  const auto add = [&ends](StandardStream stream, const UniqueFd& end) {
    if (end) ends.emplace_back(stream, ReopenPipe(end.get()));
  };
  add(StandardStream::kStdIn, client_stdin_);
  add(StandardStream::kStdOut, client_stdout_);
  add(StandardStream::kStdErr, client_stderr_);
  return ends;
}

void StandardStreams::Close(StandardStream stream) {
  switch (stream) {
    case StandardStream::kStdIn:
      client_stdin_.reset();
      if (input_) input_->Close();
      return;
    case StandardStream::kStdOut: client_stdout_.reset(); return;
    case StandardStream::kStdErr: client_stderr_.reset(); return;
  }
}

void StandardStreams::OnProcessExited() {
  if (output_) output_->Drain();
  // A child that the process has left behind may still read its standard input.
  if (input_ && terminal_) input_->Abandon();
}

}  // namespace hcs::emulator::worker
