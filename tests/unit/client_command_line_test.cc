// The client's quoting against the emulated host's reading of it.

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "client/hcs_client/command_line.h"
#include "core/emulator/programs/cmd_shell.h"
#include "core/emulator/programs/command_line.h"

namespace hcs::client {
namespace {

using Words = std::vector<std::string>;

TEST_CASE("The host takes a command line apart into the same words") {
  const std::vector<Words> commands = {
      {"cat"},
      {"echo", ""},
      {"sh", "-c", "echo \"a b\"; printf '%s\\n' \"$1\"", "x"},
      {"C:\\Program Files\\tool.exe", "C:\\dir\\", "\\\\", "a\\\\b"},
      {"p", "ends with a backslash \\", "quote\\\"inside", "\"", "\\\"", "\\\\\""},
      {"p", "tab\there", "line\nbreak", "  blanks  ", "ünïcode", "%PATH%", "a&b|c>d"},
      {"p", "-x", "--", "/c"},
  };
  for (const Words& words : commands) {
    const auto line = WindowsCommandLine(words);
    REQUIRE(line.ok());
    INFO(*line);
    CHECK(emulator::SplitCommandLine(*line) == words);
  }
}

TEST_CASE("Words are quoted only where they must be") {
  CHECK(WindowsCommandLine({"cat", "-n", "C:\\a\\b"}).value() == "cat -n C:\\a\\b");
  CHECK(WindowsCommandLine({"p", "a b", ""}).value() == "p \"a b\" \"\"");
}

// What cmd runs, once it has removed the quotes by its own rule.
std::string CmdRuns(const Words& words) {
  const auto line = WindowsCommandLine(words);
  REQUIRE(line.ok());
  const auto options = emulator::ParseCommandShellOptions(emulator::CommandLineTail(*line));
  CHECK(options.mode == emulator::CommandShellOptions::Mode::kRunAndExit);
  return emulator::StripCommandQuotes(options, [](std::string_view) { return false; });
}

TEST_CASE("cmd /c gets a whole command as it stands") {
  const std::string example = "echo out & echo err 1>&2 & exit 7";
  CHECK(CmdRuns({"cmd", "/c", example}) == example);
  CHECK(CmdRuns({"C:\\Windows\\System32\\cmd.exe", "/C", example}) == example);
  CHECK(CmdRuns({"cmd", "/S", "/C", "echo \"a b\" & dir \"C:\\Program Files\\\""}) ==
        "echo \"a b\" & dir \"C:\\Program Files\\\"");
  CHECK(CmdRuns({"cmd", "/c", "\"my tool\" \"an argument\""}) == "\"my tool\" \"an argument\"");
  CHECK(CmdRuns({"cmd", "/c", "ver"}) == "ver");
}

TEST_CASE("cmd /c gets several words quoted, so that cmd's rule does not break them") {
  CHECK(CmdRuns({"cmd", "/c", "echo", "a", "b"}) == "echo a b");
  CHECK(CmdRuns({"cmd", "/c", "type", "a file", "b"}) == "type \"a file\" b");
  CHECK(CmdRuns({"cmd", "/c", "my tool", "an argument"}) == "\"my tool\" \"an argument\"");
}

TEST_CASE("What no command line can say is refused") {
  CHECK(absl::IsInvalidArgument(WindowsCommandLine({}).status()));
  CHECK(absl::IsInvalidArgument(WindowsCommandLine({""}).status()));
  CHECK(absl::IsInvalidArgument(WindowsCommandLine({"a\"b"}).status()));
  CHECK(absl::IsInvalidArgument(WindowsCommandLine({"a", std::string("b\0c", 3)}).status()));
}

}  // namespace
}  // namespace hcs::client
