#include "client/hcsctl/process_options.h"

#include <cstdlib>
#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "client/hcs_client/command_line.h"
#include "client/hcsctl/terminal.h"

namespace hcs::ctl {
namespace {

// What a console has that nobody said the size of, as Windows does it.
constexpr uint32_t kDefaultHeight = 25;
constexpr uint32_t kDefaultWidth = 80;

absl::Status AddEnvironment(const std::vector<std::string>& entries, v1::ProcessConfig& config) {
  for (const std::string& entry : entries) {
    if (absl::StrContains(entry, '=')) {
      const auto pair = ParsePair("-e", entry);
      if (!pair.ok()) return pair.status();
      (*config.mutable_environment())[pair->first] = pair->second;
    } else if (const char* value = std::getenv(entry.c_str())) {
      (*config.mutable_environment())[entry] = value;
    }
  }
  return absl::OkStatus();
}

void SetConsole(v1::ProcessConfig& config) {
  config.set_emulate_console(true);
  v1::ConsoleSize size;
  size.set_height(kDefaultHeight);
  size.set_width(kDefaultWidth);
  *config.mutable_console_size() = TerminalSize().value_or(size);
  const char* term = std::getenv("TERM");
  if (term != nullptr && !config.environment().contains("TERM")) {
    (*config.mutable_environment())["TERM"] = term;
  }
}

}  // namespace

void AddProcessOptions(CLI::App& command, ProcessOptions& options) {
  command.add_flag("-i,--interactive", options.interactive, "Pass stdin on to the process");
  command.add_flag("-t,--tty", options.terminal,
                   "Give the process a console; leave it with Ctrl-P Ctrl-Q");
  command.add_flag("-d,--detach", options.detach,
                   "Return when the process runs; attach reads its latest output");
  command
      .add_option("-e,--env", options.environment,
                  "NAME=value, or NAME for the value that it has here; may repeat")
      ->type_name("NAME[=value]")
      ->allow_extra_args(false);
  command.add_option("-w,--workdir", options.working_directory, "The process' working directory")
      ->type_name("DIR");
  command.add_option("-u,--user", options.user, "The user that the process runs as")
      ->type_name("NAME");
  command
      .add_option("--output", options.output,
                  "What becomes of output that nobody takes: the process waits (block; the default "
                  "but for -d), or it is lost")
      ->type_name("POLICY")
      ->check(CLI::IsMember({"block", "drop-oldest", "discard"}));
}

absl::Status Check(const ProcessOptions& options) {
  if (options.terminal && options.interactive && !options.detach && !StdinIsTerminal()) {
    return absl::InvalidArgumentError(
        "-t with -i needs a terminal on stdin, which is none: leave -t out");
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::ProcessConfig> ProcessConfigFor(const ProcessOptions& options,
                                                   const std::vector<std::string>& words) {
  v1::ProcessConfig config;
  absl::StatusOr<std::string> command_line = client::WindowsCommandLine(words);
  if (!command_line.ok()) return command_line.status();
  config.set_command_line(*std::move(command_line));
  absl::Status status = AddEnvironment(options.environment, config);
  if (!status.ok()) return status;
  if (!options.working_directory.empty()) {
    config.set_working_directory(options.working_directory);
  }
  if (!options.user.empty()) config.set_user(options.user);
  config.set_create_std_in_pipe(options.interactive);
  config.set_create_std_out_pipe(true);
  config.set_create_std_err_pipe(!options.terminal);
  if (options.terminal) SetConsole(config);
  return config;
}

v1::OutputPolicy OutputPolicyFor(const ProcessOptions& options) {
  if (options.output == "discard") return v1::OUTPUT_POLICY_DISCARD;
  const bool drop_oldest =
      options.output.empty() ? options.detach : options.output == "drop-oldest";
  return drop_oldest ? v1::OUTPUT_POLICY_DROP_OLDEST : v1::OUTPUT_POLICY_BLOCK;
}

ForegroundOptions ForegroundOptionsFor(const ProcessOptions& options) {
  return {.input = options.interactive, .console = options.terminal};
}

absl::StatusOr<std::pair<std::string, std::string>> ParsePair(absl::string_view option,
                                                              absl::string_view text) {
  const size_t equals = text.find('=');
  if (equals == text.npos || equals == 0) {
    return absl::InvalidArgumentError(
        absl::StrCat(option, " takes NAME=value, not \"", text, "\""));
  }
  return std::make_pair(std::string(text.substr(0, equals)), std::string(text.substr(equals + 1)));
}

}  // namespace hcs::ctl
