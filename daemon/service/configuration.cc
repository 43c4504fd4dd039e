#include "daemon/service/configuration.h"

#include <CLI/CLI.hpp>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "daemon/service/default_paths.h"
#include "daemon/service/host_choice.h"
#include "daemon/service/version.h"

namespace hcs::service {
namespace {

constexpr const char* kDescription =
    "hcsd: containers and their processes, over gRPC.\n\n"
    "Once it serves, it prints one line on standard output,\n"
    "  hcsd ready: ADDRESS...\n"
    "with the addresses that clients may dial. SIGTERM or SIGINT: no new calls; running ones\n"
    "finish within --drain-timeout or are ended, at once by a second signal; containers go on.\n"
    "SIGHUP is ignored.\n\n"
    "The configuration file holds the flags' long names as keys, one a line: state = "
    "\"/srv/hcsd\",\n"
    "listen = [\"unix:///run/hcsd/hcsd.sock\", \"tcp://127.0.0.1:7443\"].";

void AddDuration(CLI::App& app, const std::string& flag, absl::Duration* value,
                 absl::Duration maximum, const std::string& help) {
  const auto read = [flag, value, maximum](const std::string& text) {
    absl::Duration duration;
    if (!absl::ParseDuration(text, &duration) || duration < absl::ZeroDuration() ||
        duration > maximum) {
      throw CLI::ValidationError(
          flag, absl::StrCat("\"", text, "\" is not a duration from 0s to ",
                             absl::FormatDuration(maximum), ", such as 30s or 1m30s"));
    }
    *value = duration;
  };
  app.add_option_function<std::string>(flag, read, help)
      ->type_name("DURATION")
      ->default_str(absl::FormatDuration(*value));
}

void AddTransport(CLI::App& app, Configuration* to) {
  app.add_option("--listen", to->listen,
                 "Where to listen; may be repeated: unix:///PATH, tcp://ADDRESS:PORT (port 0: one "
                 "that is free)")
      ->type_name("URI")
      ->allow_extra_args(false)
      ->default_str(DefaultListenAddress());
  app.add_flag("--allow-insecure-remote", to->allow_insecure_remote,
               "Allow tcp:// addresses that other machines reach, though anyone there may then "
               "run programs here");
  app.add_option("--max-message-mib", to->max_message_mib,
                 "Longest request, in MiB; a longer one is RESOURCE_EXHAUSTED")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  app.add_option("--max-streams-per-connection", to->max_streams_per_connection,
                 "Calls of one connection at once; more wait in the client")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
}

void AddHost(CLI::App& app, Configuration* to) {
  app.add_option("--host", to->host, "The host to serve: windows, emulated or dll:PATH")
      ->type_name("HOST")
      ->capture_default_str();
  app.add_flag("--allow-dll-host", to->allow_dll_host,
               "Allow --host dll:PATH, which runs that library in the daemon (for developers)");
  app.add_option("--build-number", to->build_number, "Windows build that the emulated host is")
      ->check(CLI::Range(14393, 65535))
      ->capture_default_str();
  app.add_option("--worker", to->worker,
                 "The emulated host's worker program; by default hcs-worker beside hcsd")
      ->type_name("FILE");
  app.add_option("--isolation", to->isolation,
                 "What the emulated host's containers with layers get: namespaces of their own "
                 "(an error where the machine cannot), process, or auto: namespaces if possible")
      ->check(CLI::IsMember(IsolationWords()))
      ->type_name("KIND")
      ->capture_default_str();
  app.add_option("--layer-streams", to->layer_streams,
                 "Whether the emulated host takes and gives layers entry by entry; by transport "
                 "folders it always does (true or false)")
      ->type_name("BOOL")
      ->capture_default_str();
}

void AddFiles(CLI::App& app, Configuration* to) {
  app.add_option("--state", to->state, "Folder of what must outlive the daemon")
      ->type_name("DIR")
      ->capture_default_str();
  app.set_config("--config", DefaultConfigurationFile(), "Configuration file", false);
  app.allow_config_extras(CLI::config_extras_mode::error);
  app.add_option("--log-level", to->log_level, "Least important messages that are logged")
      ->check(CLI::IsMember({"trace", "debug", "info", "warning", "error", "critical", "off"}))
      ->type_name("LEVEL")
      ->capture_default_str();
  app.add_option("--log-file", to->log_file, "File to append the log to, not to standard error")
      ->type_name("FILE");
}

void AddLimits(CLI::App& app, Configuration* to) {
  app.add_option("--call-threads", to->call_threads, "Calls of the host at once")
      ->check(CLI::Range(1, 4096))
      ->capture_default_str();
  app.add_option("--queued-calls-per-container", to->queued_calls_per_container,
                 "Calls that may wait for one container before the next is RESOURCE_EXHAUSTED")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  app.add_option("--journal-events", to->journal_events, "Events kept for replay")
      ->check(CLI::Range(1, 10'000'000))
      ->capture_default_str();
  app.add_option("--exited-processes-per-container", to->exited_processes_per_container,
                 "Exited processes kept for a late Attach or WaitProcess")
      ->check(CLI::Range(0, 1'000'000))
      ->capture_default_str();
  AddDuration(app, "--operation-timeout", &to->operation_timeout, absl::Hours(24),
              "How long create, start, pause and resume may take in the host");
  AddDuration(app, "--drain-timeout", &to->drain_timeout, absl::Hours(24),
              "How long running calls may take to finish when the daemon stops");
}

Exit Explain(const CLI::App& app, const CLI::ParseError& error) {
  std::ostringstream out, err;
  const int status = app.exit(error, out, err);
  if (status == 0) return Exit{.status = 0, .text = out.str()};
  std::string text = absl::StrCat("hcsd: ", error.what(), "\n");
  if (error.get_name() == "ConfigError") {
    absl::StrAppend(&text, "hcsd: the configuration file holds a key that there is not\n");
  }
  return Exit{.status = 2, .text = text + "hcsd: `hcsd --help` tells what is allowed\n"};
}

}  // namespace

std::variant<Configuration, Exit> ReadConfiguration(int argc, const char* const* argv) {
  Configuration configuration{.host = DefaultHost(), .state = DefaultStateFolder()};
  CLI::App app(kDescription, "hcsd");
  app.set_version_flag("--version", absl::StrCat("hcsd ", kVersion));
  AddTransport(app, &configuration);
  AddHost(app, &configuration);
  AddFiles(app, &configuration);
  AddLimits(app, &configuration);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return Explain(app, error);
  }
  if (configuration.listen.empty()) configuration.listen.push_back(DefaultListenAddress());
  if (configuration.listen.front().empty()) {
    return Exit{.status = 2, .text = "hcsd: --listen is needed, as XDG_RUNTIME_DIR is not set\n"};
  }
  if (configuration.state.empty()) {
    return Exit{.status = 2, .text = "hcsd: --state is needed, as HOME is not set\n"};
  }
  return configuration;
}

}  // namespace hcs::service
