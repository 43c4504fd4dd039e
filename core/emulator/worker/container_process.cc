#include "core/emulator/worker/container_process.h"

#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>

#include <cerrno>
#include <csignal>

#include "core/emulator/errno_status.h"
#include "core/emulator/programs/program_resolution.h"
#include "core/emulator/programs/program_search.h"
#include "core/emulator/worker/process_environment.h"
#include "core/emulator/worker/user_accounts.h"
#include "core/platform/process.h"

namespace hcs::emulator::worker {
namespace {

Status BadWorkingDirectory(const std::string& folder, int error) {
  return {abi::ERROR_DIRECTORY, "WorkingDirectory: " + ErrnoStatus(error, folder).message};
}

Status SpawnFailure(const platform::SpawnResult& result, const platform::SpawnRequest& request) {
  switch (result.failed_step) {
    case platform::SpawnStep::kWorkingDirectory:
      return BadWorkingDirectory(request.working_directory, result.error);
    case platform::SpawnStep::kProgram: return ErrnoStatus(result.error, request.program);
    case platform::SpawnStep::kCredentials: return ErrnoStatus(result.error, "User");
    default: return ErrnoStatus(result.error, "starting a process");
  }
}

// "C:\app" is /app here; the default is the root.
Outcome<std::string> FindWorkingDirectory(const ProcessDocument& document) {
  if (document.working_directory.empty()) return std::string("/");
  std::string folder = ToPosixPath(document.working_directory);
  struct stat found {};
  if (stat(folder.c_str(), &found) != 0) return BadWorkingDirectory(folder, errno);
  if (!S_ISDIR(found.st_mode)) return BadWorkingDirectory(folder, ENOTDIR);
  return folder;
}

std::string ProgramName(const ProcessDocument& document) {
  if (!document.application_name.empty()) return document.application_name;
  if (!document.command_args.empty()) return document.command_args.front();
  return document.command_line;
}

Status NoProgram(int error, const ProcessDocument& document) {
  if (error == EINVAL) {
    return {abi::ERROR_INVALID_PARAMETER,
            "one of CommandLine, CommandArgs and ApplicationName has to name the program"};
  }
  return ErrnoStatus(error, ProgramName(document));
}

int SignalOfEvent(ConsoleEvent event) {
  switch (event) {
    case ConsoleEvent::kCtrlC: return SIGINT;
    case ConsoleEvent::kCtrlBreak: return SIGQUIT;
    case ConsoleEvent::kCtrlClose:
    case ConsoleEvent::kCtrlLogOff: return SIGHUP;
    case ConsoleEvent::kCtrlShutdown: return SIGTERM;
  }
  return SIGTERM;
}

Status AlreadyExited() {
  return {abi::HCS_E_PROCESS_ALREADY_STOPPED, "the process has already exited"};
}

}  // namespace

Outcome<std::unique_ptr<ContainerProcess>> ContainerProcess::Start(
    const Context& context, const ProcessDocument& document) {
  const Outcome<UserAccount> account = FindUserAccount(document.user);
  if (!account.ok()) return account.failure();
  const Outcome<std::string> folder = FindWorkingDirectory(document);
  if (!folder.ok()) return folder.failure();

  platform::SpawnRequest request;
  request.environment = ProcessEnvironment(document, context.host_name, account->home);
  if (!context.mark.empty()) request.environment.push_back(context.mark);
  request.working_directory = *folder;
  request.credentials = account->credentials;
  request.scope = context.scope;
  const ProgramRequest program{document.application_name, document.command_line,
                               document.command_args};
  ResolvedProgram resolved;
  if (int error = ResolveProgram(program, request.environment, *folder, &resolved)) {
    return NoProgram(error, document);
  }
  request.program = std::move(resolved.path);
  request.arguments = std::move(resolved.arguments);

  auto streams = StandardStreams::Open(context.loop, document);
  if (!streams.ok()) return streams.failure();
  (*streams)->BeginSpawn(&request);
  const platform::SpawnResult spawned = platform::SpawnProcess(request);
  if (!spawned.ok()) return SpawnFailure(spawned, request);
  (*streams)->EndSpawn();
  return std::unique_ptr<ContainerProcess>(new ContainerProcess(spawned.pid, *std::move(streams)));
}

ContainerProcess::ContainerProcess(pid_t process_id, std::unique_ptr<StandardStreams> streams)
    : process_id_(process_id), streams_(std::move(streams)) {
  status_.process_id = static_cast<uint32_t>(process_id);
}

Status ContainerProcess::Terminate() {
  if (status_.exited) return AlreadyExited();
  terminated_ = true;
  if (kill(process_id_, SIGKILL) != 0) return ErrnoStatus(errno, "terminating the process");
  return {};
}

Status ContainerProcess::Signal(const ProcessSignal& signal) {
  if (status_.exited) return AlreadyExited();
  if (const int* number = std::get_if<int>(&signal)) return SendSignal(*number);
  return SendSignal(SignalOfEvent(std::get<ConsoleEvent>(signal)));
}

// To the console's foreground group, as a key press would be; otherwise to the
// process' own group.
Status ContainerProcess::SendSignal(int number) {
  pid_t group = has_console() ? tcgetpgrp(streams_->terminal()) : -1;
  if (group <= 0) group = process_id_;
  if (kill(-group, number) == 0) return {};
  return ErrnoStatus(errno, "sending a signal");
}

Status ContainerProcess::Modify(const ProcessModification& modification) {
  if (const auto* close = std::get_if<CloseStream>(&modification)) {
    streams_->Close(close->stream);
    return {};
  }
  return Resize(std::get<ResizeConsole>(modification));
}

Status ContainerProcess::Resize(const ResizeConsole& resize) {
  if (status_.exited) return AlreadyExited();
  if (!has_console()) {
    return {abi::ERROR_INVALID_PARAMETER, "the process has no console (EmulateConsole)"};
  }
  const int error = platform::ResizeTerminal(streams_->terminal(), resize.size);
  return error == 0 ? Status() : ErrnoStatus(error, "resizing the console");
}

void ContainerProcess::OnExit(int wait_status, bool system_stopping) {
  status_.exited = true;
  if (WIFEXITED(wait_status)) {
    status_.exit_code = static_cast<uint32_t>(WEXITSTATUS(wait_status));
  } else {
    const int number = WTERMSIG(wait_status);
    const bool ours =
        (terminated_ && number == SIGKILL) ||
        (system_stopping && (number == SIGKILL || number == SIGTERM || number == SIGHUP));
    status_.exit_code = ours               ? kExitTerminated
                        : number == SIGINT ? kExitInterrupted
                                           : kExitBySignal + static_cast<uint32_t>(number);
  }
  streams_->OnProcessExited();
}

}  // namespace hcs::emulator::worker
