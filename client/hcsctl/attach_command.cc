#include <memory>

#include "absl/strings/str_cat.h"
#include "client/hcsctl/commands.h"
#include "client/hcsctl/foreground_process.h"
#include "client/hcsctl/terminal.h"

namespace hcs::ctl {
namespace {

struct AttachOptions {
  std::string id;
  uint32_t process = 0;
  bool no_stdin = false;
};

// The one that was named, or the only one that has not exited.
absl::StatusOr<v1::Process> Choose(const client::Client& client, const AttachOptions& options) {
  if (options.process != 0) return client.processes().Get({options.id, options.process});
  const auto processes = client.processes().List(options.id);
  if (!processes.ok()) return processes.status();
  std::vector<v1::Process> running;
  for (const v1::Process& process : *processes) {
    if (!process.has_exit()) running.push_back(process);
  }
  if (running.size() == 1) return running.front();
  if (running.empty()) {
    return absl::NotFoundError(absl::StrCat("attach: no process runs in ", options.id,
                                            " that the daemon knows of; one that has exited can "
                                            "be named by its PID"));
  }
  std::string ids;
  for (const v1::Process& process : running) absl::StrAppend(&ids, " ", process.process_id());
  return absl::InvalidArgumentError(
      absl::StrCat("attach: several processes run in ", options.id, ", name one:", ids));
}

absl::StatusOr<int> Attach(const AttachOptions& options, const Invocation& invocation) {
  const auto client = invocation.Connect();
  if (!client.ok()) return client.status();
  const auto process = Choose(*client, options);
  if (!process.ok()) return process.status();

  ForegroundOptions foreground_options;
  foreground_options.watch_only = options.no_stdin;
  foreground_options.input = !options.no_stdin && process->stdin_pipe() && !process->has_exit();
  foreground_options.console = process->console() && StdinIsTerminal();
  ForegroundProcess foreground(foreground_options);

  v1::AttachStart start;
  start.set_container_id(options.id);
  start.set_process_id(process->process_id());
  start.set_stdin(foreground_options.input);
  const auto session = client->processes().Attach(start);
  if (!session.ok()) return session.status();
  return foreground.Run(**session);
}

}  // namespace

void AddAttachCommand(CLI::App& app, Invocation& invocation) {
  CLI::App* command = app.add_subcommand(
      "attach",
      "Take over the streams of a process that was started before: first the output "
      "that nobody has had yet");
  auto options = std::make_shared<AttachOptions>();
  command->add_option("ID", options->id, "The container")->required();
  command->add_option("PID", options->process,
                      "The process; it need not be named if only one runs");
  command->add_flag("--no-stdin", options->no_stdin,
                    "Watch alone: another client may have stdin, and signals stay here");
  command->callback([options, &invocation] {
    invocation.action = [options, &invocation] { return Attach(*options, invocation); };
  });
}

}  // namespace hcs::ctl
