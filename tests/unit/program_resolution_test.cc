#include "core/emulator/programs/program_resolution.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace hcs::emulator {
namespace {

// A folder with an executable "tool", a "setup.exe" and a plain file "data".
class ToolFolder {
 public:
  ToolFolder() {
    char pattern[] = "/tmp/hcs-tools-XXXXXX";
    REQUIRE(mkdtemp(pattern) != nullptr);
    path_ = pattern;
    MakeFile("tool", 0755);
    MakeFile("setup.exe", 0755);
    MakeFile("data", 0644);
    std::filesystem::create_directory(path_ + "/sub");
  }
  ~ToolFolder() { std::filesystem::remove_all(path_); }
  const std::string& path() const { return path_; }

 private:
  void MakeFile(const std::string& name, mode_t mode) {
    std::ofstream(path_ + "/" + name) << "#!/bin/sh\n";
    REQUIRE(chmod((path_ + "/" + name).c_str(), mode) == 0);
  }

  std::string path_;
};

class Resolution {
 public:
  int Resolve(const ProgramRequest& request) {
    program_ = {};
    return ResolveProgram(request, environment_, folder_.path(), &program_);
  }
  const std::string& path() const { return program_.path; }
  const std::vector<std::string>& arguments() const { return program_.arguments; }
  std::string InFolder(const std::string& name) const { return folder_.path() + "/" + name; }

 private:
  ToolFolder folder_;
  std::vector<std::string> environment_ = {"Path=/proc/no-such:" + folder_.path() + ":/bin", "X=1"};
  ResolvedProgram program_;
};

using Arguments = std::vector<std::string>;

TEST_CASE_METHOD(Resolution, "the first word of the command line is the program") {
  REQUIRE(Resolve({.command_line = "  tool \"a b\" c"}) == 0);
  CHECK(path() == InFolder("tool"));
  CHECK(arguments() == Arguments{"tool", "a b", "c"});
}

TEST_CASE_METHOD(Resolution, "an application name goes before the command line's") {
  REQUIRE(Resolve({.application_name = "tool", .command_line = "other x"}) == 0);
  CHECK(path() == InFolder("tool"));
  CHECK(arguments() == Arguments{"other", "x"});
  REQUIRE(Resolve({.application_name = InFolder("tool")}) == 0);
  CHECK(arguments() == Arguments{InFolder("tool")});
}

TEST_CASE_METHOD(Resolution, "arguments can be given one by one") {
  REQUIRE(Resolve({.command_args = {"tool", "a b", "\"", "\\"}}) == 0);
  CHECK(path() == InFolder("tool"));
  CHECK(arguments() == Arguments{"tool", "a b", "\"", "\\"});
  CHECK(Resolve({.command_line = "tool", .command_args = {"tool"}}) == EINVAL);
}

TEST_CASE_METHOD(Resolution, "Windows' names for a program find it") {
  REQUIRE(Resolve({.command_line = "tool.EXE"}) == 0);
  CHECK(path() == InFolder("tool"));
  REQUIRE(Resolve({.command_line = "setup.exe"}) == 0);
  CHECK(path() == InFolder("setup.exe"));
  REQUIRE(Resolve({.command_line = R"(.\tool)"}) == 0);
  CHECK(path() == InFolder("./tool"));
  REQUIRE(Resolve({.command_line = R"(c:\bin\sh.exe -c x)"}) == 0);
  CHECK(path() == "/bin/sh");
}

TEST_CASE_METHOD(Resolution, "what is missing and what cannot run are told apart") {
  CHECK(Resolve({.command_line = "no-such-tool"}) == ENOENT);
  CHECK(Resolve({.command_line = "/proc/no-such/tool.exe"}) == ENOENT);
  CHECK(Resolve({.command_line = "data"}) == EACCES);
  CHECK(Resolve({.command_line = "./sub"}) == EACCES);
  CHECK(Resolve({}) == EINVAL);
  CHECK(Resolve({.command_line = "   "}) == EINVAL);
  CHECK(Resolve({.command_line = "\"\" x"}) == EINVAL);
}

TEST_CASE_METHOD(Resolution, "cmd is the shell, however it is named") {
  REQUIRE(Resolve({.command_line = R"(C:\Windows\System32\cmd.exe /S /C "echo %x% & exit 7")"}) ==
          0);
  CHECK(path() == "/bin/sh");
  CHECK(arguments() == Arguments{"sh", "-c", "echo 1 ; exit 7", "cmd"});
  REQUIRE(Resolve({.application_name = "cmd", .command_line = R"(cmd /c ver & echo a)"}) == 0);
  CHECK(arguments().size() == 4);
  REQUIRE(Resolve({.command_args = {"cmd", "/c", "echo a & echo b"}}) == 0);
  CHECK(arguments() == Arguments{"sh", "-c", "echo a ; echo b", "cmd"});
}

}  // namespace
}  // namespace hcs::emulator
