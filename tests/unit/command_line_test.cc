#include "core/emulator/programs/command_line.h"

#include <catch2/catch.hpp>
#include <random>

namespace hcs::emulator {
namespace {

using Arguments = std::vector<std::string>;

struct SplitCase {
  const char* line;
  Arguments arguments;
};

// Each line as it stands, by CommandLineToArgvW.
const SplitCase kSplitCases[] = {
    {R"()", {}},
    {R"(prog)", {"prog"}},
    {R"(prog a b c)", {"prog", "a", "b", "c"}},
    {"prog \t a\t\tb  ", {"prog", "a", "b"}},
    // Blanks and tabs alone separate.
    {"prog a\nb a\vb", {"prog", "a\nb", "a\vb"}},
    // The program's name: quotes end at the next quote, backslashes mean nothing.
    {R"("C:\Program Files\x.exe" a)", {R"(C:\Program Files\x.exe)", "a"}},
    {R"("dir\" a")", {R"(dir\)", "a"}},
    {R"("prog"rest)", {"prog", "rest"}},
    {R"("never closed a b)", {"never closed a b"}},
    {R"(C:\Program Files\x.exe)", {R"(C:\Program)", R"(Files\x.exe)"}},
    {R"(pr"o"g a)", {R"(pr"o"g)", "a"}},
    {R"( prog a)", {"", "prog", "a"}},
    {R"("" a)", {"", "a"}},
    {R"("a""b" c)", {"a", "b", "c"}},
    // Quotes.
    {R"(prog "a b" c)", {"prog", "a b", "c"}},
    {R"(prog a" "b)", {"prog", "a b"}},
    {R"(prog "a"b"c")", {"prog", "abc"}},
    {R"(prog "")", {"prog", ""}},
    {R"(prog "" a)", {"prog", "", "a"}},
    {R"(prog "open a b)", {"prog", "open a b"}},
    {R"(prog ")", {"prog", ""}},
    // Backslashes before what is no quote.
    {R"(prog a\b\\c d\ "e\f")", {"prog", R"(a\b\\c)", R"(d\)", R"(e\f)"}},
    // 2n and 2n+1 backslashes before a quote.
    {R"(prog \"a\")", {"prog", R"("a")"}},
    {R"(prog \\"a b")", {"prog", R"(\a b)"}},
    {R"(prog \\\"a b)", {"prog", R"(\"a)", "b"}},
    {R"(prog \\\\"a b" c)", {"prog", R"(\\a b)", "c"}},
    {R"(prog "a\"b" c)", {"prog", R"(a"b)", "c"}},
    {R"(prog "a b\\" c)", {"prog", R"(a b\)", "c"}},
    {R"(prog "a b\\\" c")", {"prog", R"(a b\" c)"}},
    {R"(prog a\\\b d"e f"g h)", {"prog", R"(a\\\b)", "de fg", "h"}},
    // Two quotes inside quotes: a quote, and the end of the quoting.
    {R"(prog "a""b c" d)", {"prog", R"(a"b)", "c d"}},
    {R"(prog """a b""" c)", {"prog", R"("a)", R"(b")", "c"}},
    {R"(prog """" a)", {"prog", R"(" a)"}},
    {R"(prog """"" a)", {"prog", R"(")", "a"}},
    {R"(prog """""" a)", {"prog", R"("")", "a"}},
    {R"(prog a"""b c" d)", {"prog", R"(a"b)", "c d"}},
    // Not ASCII, and what means something elsewhere, is text.
    {"prog \xC3\xA4 '$HOME' %PATH% `a` a;b|c",
     {"prog", "\xC3\xA4", "'$HOME'", "%PATH%", "`a`", "a;b|c"}},
};

TEST_CASE("a command line is split by Windows' rules") {
  for (const SplitCase& test : kSplitCases) {
    INFO(test.line);
    CHECK(SplitCommandLine(test.line) == test.arguments);
  }
}

TEST_CASE("the tail of a command line is what follows the program's name, untouched") {
  CHECK(CommandLineTail("") == "");
  CHECK(CommandLineTail("cmd") == "");
  CHECK(CommandLineTail(R"(cmd  /c "a  b" &c )") == R"(/c "a  b" &c )");
  CHECK(CommandLineTail(R"("C:\my tools\cmd.exe"/c x)") == "/c x");
}

TEST_CASE("an argument is quoted only where it must be") {
  CHECK(QuoteArgument("plain") == "plain");
  CHECK(QuoteArgument(R"(back\slash\)") == R"(back\slash\)");
  CHECK(QuoteArgument("") == R"("")");
  CHECK(QuoteArgument("a b") == R"("a b")");
  CHECK(QuoteArgument(R"(a "b)") == R"("a \"b")");
  CHECK(QuoteArgument(R"(a b\)") == R"("a b\\")");
  CHECK(QuoteArgument(R"(\"\\")") == R"("\\\"\\\\\"")");
}

TEST_CASE("joined arguments split into themselves") {
  std::mt19937 random(7);
  const std::string alphabet = "ab \t\"\"\\\\\\'";
  for (int round = 0; round < 20'000; ++round) {
    Arguments arguments = {round % 2 == 0 ? "prog" : R"(C:\my dir\prog.exe)"};
    const size_t count = random() % 4;
    for (size_t i = 0; i < count; ++i) {
      std::string argument;
      for (size_t length = random() % 8; length > 0; --length) {
        argument.push_back(alphabet[random() % alphabet.size()]);
      }
      arguments.push_back(argument);
    }
    const std::string line = JoinCommandLine(arguments);
    INFO(line);
    REQUIRE(SplitCommandLine(line) == arguments);
  }
}

}  // namespace
}  // namespace hcs::emulator
