#include <catch2/catch.hpp>
#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/integration/calls.h"
#include "tests/integration/daemon_fixture.h"

namespace hcs::integration {
namespace {

bool Contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("a second daemon is refused the same state, and the same socket") {
  Daemon daemon;
  const ProgramResult same_state =
      RunHcsd({"--state", daemon.state(), "--listen", "tcp://127.0.0.1:0"});
  CHECK(same_state.exit_code == 1);
  CHECK(Contains(same_state.stderr_text,
                 "in use by another hcsd, process " + std::to_string(daemon.pid())));
  const ProgramResult same_socket =
      RunHcsd({"--state", daemon.folder() + "/other", "--listen", "unix://" + daemon.socket()});
  CHECK(same_socket.exit_code == 1);
  CHECK(Contains(same_socket.stderr_text, "another daemon listens there already"));
  CHECK(ListAll(daemon).empty());  // The first one is unharmed.
}

TEST_CASE("a killed daemon's socket and state are taken over") {
  Daemon daemon;
  daemon.Signal(SIGKILL);
  CHECK(daemon.WaitForExit() == 128 + SIGKILL);
  REQUIRE(std::filesystem::exists(daemon.socket()));
  daemon.Start();
  CHECK(ListAll(daemon).empty());
}

TEST_CASE("what cannot be had is an error that says what can") {
  const std::string state = std::filesystem::temp_directory_path() / "hcsd-test-none";
  const auto [flags, complaint] = GENERATE(table<std::vector<std::string>, std::string>({
      {{"--host", "windows"}, "--host emulated"},
      {{"--host", "dll:/x.dll"}, "--allow-dll-host"},
      {{"--host", "dll:/x.dll", "--allow-dll-host"}, "--host emulated"},
      {{"--host", "docker"}, "windows, emulated and dll:PATH"},
      {{"--worker", "/no/such/worker"}, "/no/such/worker"},
      {{"--listen", "tcp://0.0.0.0:0"}, "--allow-insecure-remote"},
      {{"--listen", "npipe:////./pipe/hcsd"}, "no npipe listener"},
      {{"--listen", "tls://0.0.0.0:1"}, "no tls listener"},
      {{"--listen", "localhost:80"}, "unix:///PATH or tcp://ADDRESS:PORT"},
      {{"--listen", "tcp://127.0.0.1:0", "--log-file", "/proc/no/such/log"}, "--log-file"},
  }));
  std::vector<std::string> arguments{"--state", state, "--listen", "unix://" + state + "/s"};
  arguments.insert(arguments.end(), flags.begin(), flags.end());
  const ProgramResult result = RunHcsd(arguments);
  std::filesystem::remove_all(state);
  CHECK(result.exit_code == 1);
  CHECK(result.stdout_text.empty());
  INFO(result.stderr_text);
  CHECK(Contains(result.stderr_text, complaint));
}

TEST_CASE("remote TCP is had with so many words") {
  Daemon daemon({"--listen", "tcp://0.0.0.0:0", "--allow-insecure-remote"});
  CHECK(ListAll(daemon).empty());
}

TEST_CASE("help and version go to standard output") {
  const ProgramResult help = RunHcsd({"--help"});
  CHECK(help.exit_code == 0);
  for (const char* flag : {"--listen", "--host", "--state", "--config", "--log-level",
                           "--drain-timeout", "--build-number"}) {
    CHECK(Contains(help.stdout_text, flag));
  }
  CHECK(RunHcsd({"--version"}).stdout_text.starts_with("hcsd "));
}

}  // namespace
}  // namespace hcs::integration
