#include "core/emulator/programs/cmd_shell.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <filesystem>
#include <thread>

#include "core/platform/process.h"
#include "core/platform/unique_fd.h"

namespace hcs::emulator {
namespace {

const std::vector<std::string> kEnvironment = {
    "PATH=/usr/local/bin:/usr/bin:/bin", "Greeting=hello there",
    "EMPTY=", "Odd=$(id) `id` \"q\" \\ ; & | > x", "ProgramFiles(x86)=/opt/x86"};

struct Result {
  std::string out;
  std::string err;
  int exit_code = -1;
  bool operator==(const Result&) const = default;
};

std::ostream& operator<<(std::ostream& stream, const Result& result) {
  return stream << "{out \"" << result.out << "\", err \"" << result.err << "\", exit "
                << result.exit_code << "}";
}

std::array<platform::UniqueFd, 2> Pipe() {
  int ends[2];
  REQUIRE(pipe2(ends, O_CLOEXEC) == 0);
  return {platform::UniqueFd(ends[0]), platform::UniqueFd(ends[1])};
}

std::string ReadAll(int fd) {
  std::string text;
  char buffer[4096];
  for (ssize_t count; (count = read(fd, buffer, sizeof(buffer))) > 0;) {
    text.append(buffer, static_cast<size_t>(count));
  }
  return text;
}

// Runs `cmd TAIL` for real.
Result Cmd(const std::string& tail, const std::string& directory = "/") {
  auto out = Pipe();
  auto err = Pipe();
  platform::SpawnRequest request{.program = "/bin/sh",
                                 .arguments = CommandShellArguments(tail, kEnvironment, directory),
                                 .environment = kEnvironment,
                                 .working_directory = directory,
                                 .stdout_fd = out[1].get(),
                                 .stderr_fd = err[1].get()};
  INFO(tail << " -> " << request.arguments.back());
  const platform::SpawnResult spawned = platform::SpawnProcess(request);
  REQUIRE(spawned.ok());
  out[1].reset();
  err[1].reset();
  Result result;
  std::thread reader([&] { result.err = ReadAll(err[0].get()); });
  result.out = ReadAll(out[0].get());
  reader.join();
  int status = 0;
  REQUIRE(waitpid(spawned.pid, &status, 0) == spawned.pid);
  result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  return result;
}

class TemporaryFolder {
 public:
  TemporaryFolder() {
    char pattern[] = "/tmp/hcs-cmd-XXXXXX";
    REQUIRE(mkdtemp(pattern) != nullptr);
    path_ = pattern;
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

TEST_CASE("cmd is recognised by its name alone") {
  for (const char* name : {"cmd", "CMD.EXE", "Cmd", R"(C:\Windows\System32\cmd.exe)", "/bin/cmd"}) {
    CHECK(IsCommandShell(name));
  }
  for (const char* name : {"", "cmds", "xcmd", "cmd.com", "cmd/x", "cmd.exe.exe"}) {
    CHECK_FALSE(IsCommandShell(name));
  }
}

TEST_CASE("cmd's switches are read in any case, together or apart") {
  using Mode = CommandShellOptions::Mode;
  const auto check = [](const char* tail, Mode mode, bool strip, const char* command) {
    INFO(tail);
    const CommandShellOptions options = ParseCommandShellOptions(tail);
    CHECK(options.mode == mode);
    CHECK(options.strip_quotes_always == strip);
    CHECK(options.command == command);
  };
  check("", Mode::kInteractive, false, "");
  check("/q", Mode::kInteractive, false, "");
  check("/c dir", Mode::kRunAndExit, false, "dir");
  check("/S /C \"a\"", Mode::kRunAndExit, true, "\"a\"");
  check("/s/c a /k b", Mode::kRunAndExit, true, "a /k b");
  check("/Q /D /E:ON /v:off /K ver ", Mode::kRunAndStay, false, "ver ");
  check("/cecho x", Mode::kRunAndExit, false, "echo x");
}

TEST_CASE("quotes around a command are stripped by cmd's rule") {
  const auto strip = [](const char* tail, bool is_program) {
    return StripCommandQuotes(ParseCommandShellOptions(tail),
                              [is_program](std::string_view) { return is_program; });
  };
  CHECK(strip(R"(/c echo "a b")", true) == R"(echo "a b")");
  CHECK(strip(R"(/c "my prog")", true) == R"("my prog")");
  CHECK(strip(R"(/c "my prog")", false) == "my prog");
  CHECK(strip(R"(/s /c "my prog")", true) == "my prog");
  CHECK(strip(R"(/c "prog")", true) == "prog");
  CHECK(strip(R"(/c "my prog & x")", true) == "my prog & x");
  CHECK(strip(R"(/c ""my prog" "an arg"")", true) == R"("my prog" "an arg")");
  CHECK(strip(R"(/c "my prog" "an arg")", true) == R"(my prog" "an arg)");
  CHECK(strip(R"(/c "a" b)", true) == "a b");
  CHECK(strip(R"(/c ")", true) == "");
}

TEST_CASE("the two streams and the exit code of a sequence") {
  CHECK(Cmd(R"(/c "echo out & echo err 1>&2 & exit 7")") == Result{"out\n", "err\n", 7});
  CHECK(Cmd(R"(/S /C "echo out& echo err >&2& exit /b 3")") == Result{"out\n", "err\n", 3});
  CHECK(Cmd("/c exit 0").exit_code == 0);
  CHECK(Cmd("/c false").exit_code == 1);
  CHECK(Cmd("/c no-such-program").exit_code == 127);
}

TEST_CASE("cmd's operators") {
  CHECK(Cmd("/c false && echo a || echo b").out == "b\n");
  CHECK(Cmd("/c echo abc | tr a-c A-C").out == "ABC\n");
  CHECK(Cmd("/c sleep 0 & echo after").out == "after\n");
  CHECK(Cmd("/c (echo a & echo b) | sort -r").out == "b\na\n");
  CHECK(Cmd("/c echo quiet>nul 2>NUL & echo loud").out == "loud\n");
  CHECK(Cmd("/c echo a &").out == "a\n");
  CHECK(Cmd("/c echo \"a & b\"").out == "a & b\n");
  CHECK(Cmd("/c echo 'a & b' & echo it's").out == "a & b\nit's\n");
}

TEST_CASE("a caret makes the next character a letter") {
  CHECK(Cmd("/c echo a ^& b ^| c ^> d ^^ ^e ^$HOME").out == "a & b | c > d ^ e $HOME\n");
}

TEST_CASE("variables expand as text, before anything runs") {
  CHECK(Cmd("/c echo %GREETING%!").out == "hello there!\n");
  CHECK(Cmd("/c echo \"%greeting%\"").out == "hello there\n");
  CHECK(Cmd("/c echo [%EMPTY%] %NoSuchVariable% 100% %%").out == "[] %NoSuchVariable% 100% %%\n");
  CHECK(Cmd("/c printf '%s|' %greeting%").out == "hello|there|");
  CHECK(Cmd("/c echo %ProgramFiles(x86)%").out == "/opt/x86\n");
  CHECK(Cmd("/c echo %CD% %ERRORLEVEL%", "/usr").out == "/usr 0\n");
  // dash's echo reads a backslash and a blank as they are.
  CHECK(Cmd("/c echo %odd%").out == "$(id) `id` \"q\" \\ ; & | > x\n");
  CHECK(Cmd("/c echo \"%odd%\"").out == "$(id) `id` \"q\" \\ ; & | > x\n");
  CHECK(Cmd("/c set X=a b$c& printf %s \"$X\"").out == "a b$c");
  CHECK(Cmd("/c set \"X=a & b\" && printf %s \"$X\"").out == "a & b");
}

TEST_CASE("remarks, echo's own forms, and @") {
  CHECK(Cmd("/c rem nothing at all & echo hidden") == Result{"", "", 0});
  CHECK(Cmd("/c @echo off & @ECHO a & echo.& echo.b").out == "a\n\nb\n");
}

TEST_CASE("cmd's own commands on real files") {
  const TemporaryFolder folder;
  const auto run = [&folder](const char* tail) { return Cmd(tail, folder.path()); };
  CHECK(run("/c cd").out == folder.path() + "\n");
  CHECK(run("/c CD /d C:\\usr & cd").out == "/usr\n");
  CHECK(run("/c echo text>a.txt & TYPE a.txt").out == "text\n");
  CHECK(run("/c copy /y a.txt b.txt & type b.txt").out == "text\n");
  CHECK(run("/c move b.txt c.txt & ren c.txt d.txt & dir /b").out == "a.txt\nd.txt\n");
  CHECK(run("/c del /q a.txt d.txt & md x & dir /b & rd /s /q x & dir /b").out == "x\n");
  CHECK(run("/c type missing.txt").exit_code == 1);
  CHECK(run("/c ver").out.find("hcsd emulated host") != std::string::npos);
}

TEST_CASE("a path on drive C: is one of this machine") {
  const TemporaryFolder folder;
  const std::string windows = "C:\\tmp\\" + folder.path().substr(5);
  CHECK(Cmd("/c echo x>" + windows + "\\f & type \"" + windows + "\\f\"").out == "x\n");
  CHECK(Cmd("/c C:\\bin\\echo a\\ b").out == "a b\n");
}

TEST_CASE("what only POSIX shells say passes unchanged") {
  CHECK(Cmd(R"(/c "for i in 1 2; do echo $i; done")").out == "1\n2\n");
  CHECK(Cmd(R"(/c "if [ -d / ]; then echo yes; else echo no; fi")").out == "yes\n");
  CHECK(Cmd(R"(/c "x=5; while [ $x -gt 3 ]; do echo $x; x=$((x-1)); done")").out == "5\n4\n");
  CHECK(Cmd(R"(/c echo \$HOME "\"q\"")").out == "$HOME \"q\"\n");
  CHECK(Cmd("/c date +%Y").out.size() == 5);
}

TEST_CASE("without a command, cmd is a shell that reads its input") {
  CHECK(CommandShellArguments("", kEnvironment, "/") == std::vector<std::string>{"sh"});
  CHECK(CommandShellArguments("/k ver", kEnvironment, "/")[2].ends_with("\nexec /bin/sh"));
}

}  // namespace
}  // namespace hcs::emulator
