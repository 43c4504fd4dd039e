// What tests of core/platform start and read: pipes, shells, exit codes.

#ifndef HCS_TESTS_UNIT_PLATFORM_TEST_PROCESS_H_
#define HCS_TESTS_UNIT_PLATFORM_TEST_PROCESS_H_

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <string>
#include <utility>

#include "core/platform/process.h"
#include "core/platform/unique_fd.h"

namespace hcs::platform {

struct TestPipe {
  UniqueFd reader;
  UniqueFd writer;
};

inline TestPipe MakePipe() {
  int ends[2];
  REQUIRE(pipe2(ends, O_CLOEXEC) == 0);
  return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

// To the end of the stream; a terminal's is EIO.
inline std::string ReadAll(int fd) {
  std::string text;
  char buffer[4096];
  for (ssize_t count; (count = read(fd, buffer, sizeof(buffer))) > 0;) {
    text.append(buffer, static_cast<size_t>(count));
  }
  return text;
}

// One line, its end included; what there is when the stream ends before.
inline std::string ReadLine(int fd) {
  std::string line;
  for (char c; read(fd, &c, 1) == 1;) {
    line.push_back(c);
    if (c == '\n') break;
  }
  return line;
}

inline SpawnRequest Shell(const std::string& script) {
  return {.program = "/bin/sh",
          .arguments = {"sh", "-c", script},
          .environment = {"PATH=/usr/local/bin:/usr/bin:/bin"}};
}

// Its exit code, or -N when signal N ended it.
inline int Reap(pid_t pid) {
  int status = 0;
  REQUIRE(waitpid(pid, &status, 0) == pid);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

}  // namespace hcs::platform

#endif  // HCS_TESTS_UNIT_PLATFORM_TEST_PROCESS_H_
