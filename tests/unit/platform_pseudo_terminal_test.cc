#include <poll.h>

#include <cerrno>

#include "core/platform/pseudo_terminal.h"
#include "tests/unit/platform_test_process.h"

namespace hcs::platform {
namespace {

SpawnResult SpawnOn(const PseudoTerminal& terminal, const std::string& script) {
  SpawnRequest request = Shell(script);
  request.stdin_fd = request.stdout_fd = request.stderr_fd = terminal.terminal.get();
  request.controlling_terminal = true;
  return SpawnProcess(request);
}

void Type(const PseudoTerminal& terminal, const std::string& text) {
  REQUIRE(write(terminal.controller.get(), text.data(), text.size()) ==
          static_cast<ssize_t>(text.size()));
}

TEST_CASE("a process sees its terminal, its size, and a new size") {
  PseudoTerminal terminal;
  REQUIRE(OpenPseudoTerminal({25, 80}, &terminal) == 0);
  const SpawnResult spawned =
      SpawnOn(terminal,
              "trap 'stty size; exit 5' WINCH; [ -t 0 ] && [ -t 2 ] && stty size; "
              "while :; do read line || :; done </dev/tty");
  REQUIRE(spawned.ok());
  terminal.terminal.reset();
  CHECK(ReadLine(terminal.controller.get()) == "25 80\r\n");
  REQUIRE(ResizeTerminal(terminal.controller.get(), {50, 132}) == 0);
  TerminalSize size;
  REQUIRE(GetTerminalSize(terminal.controller.get(), &size) == 0);
  CHECK(size.rows == 50);
  CHECK(size.columns == 132);
  CHECK(ReadLine(terminal.controller.get()) == "50 132\r\n");
  CHECK(Reap(spawned.pid) == 5);
}

TEST_CASE("control characters reach the process as signals and end of file") {
  PseudoTerminal terminal;
  REQUIRE(OpenPseudoTerminal({}, &terminal) == 0);
  const SpawnResult spawned = SpawnOn(terminal, "stty -echo; echo ready; cat; exec sleep 1000");
  REQUIRE(spawned.ok());
  terminal.terminal.reset();
  CHECK(ReadLine(terminal.controller.get()) == "ready\r\n");
  Type(terminal, "typed\n\x04");
  CHECK(ReadLine(terminal.controller.get()) == "typed\r\n");
  Type(terminal, "\x03");
  CHECK(Reap(spawned.pid) == -SIGINT);
  char c;
  while (read(terminal.controller.get(), &c, 1) == 1) {
  }
  CHECK(errno == EIO);  // Nobody has it any more.
}

TEST_CASE("what is no terminal has no size") {
  const TestPipe pipe = MakePipe();
  TerminalSize size;
  CHECK(ResizeTerminal(pipe.writer.get(), {1, 1}) == ENOTTY);
  CHECK(GetTerminalSize(pipe.writer.get(), &size) == ENOTTY);
}

}  // namespace
}  // namespace hcs::platform
