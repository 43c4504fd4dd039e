#include <signal.h>
#include <sys/prctl.h>

#include <cerrno>
#include <set>
#include <sstream>
#include <thread>

#include "core/platform/process.h"
#include "tests/unit/platform_test_process.h"

namespace hcs::platform {
namespace {

struct Output {
  std::string text;
  int exit_code;
};

Output Run(SpawnRequest request) {
  TestPipe out = MakePipe();
  request.stdout_fd = out.writer.get();
  const SpawnResult spawned = SpawnProcess(request);
  REQUIRE(spawned.ok());
  out.writer.reset();
  std::string text = ReadAll(out.reader.get());
  return {std::move(text), Reap(spawned.pid)};
}

std::set<int> OpenDescriptors() {
  std::set<int> open;
  for (int fd = 0; fd < 1024; ++fd) {
    if (fcntl(fd, F_GETFD) >= 0) open.insert(fd);
  }
  return open;
}

TEST_CASE("arguments, environment and folder are what was asked for") {
  const Output output =
      Run({.program = "/bin/sh",
           .arguments = {"name", "-c", "printf '%s|' \"$0\" \"$@\" \"$A\" \"$PWD\"; env | wc -l",
                         "zero", "", "a b", "\xC3\xA4"},
           .environment = {"A=x=y", "PATH=/bin:/usr/bin"},
           .working_directory = "/usr"});
  // The shell adds PWD; nothing else is inherited.
  CHECK(output.text == "zero||a b|\xC3\xA4|x=y|/usr|3\n");
  CHECK(output.exit_code == 0);
}

TEST_CASE("exit codes and signals reach the parent") {
  CHECK(Run(Shell("exit 77")).exit_code == 77);
  CHECK(Run(Shell("kill -TERM $$")).exit_code == -SIGTERM);
}

TEST_CASE("a failed spawn says which step failed and leaves no process") {
  const auto fail = [](SpawnRequest request) {
    const SpawnResult result = SpawnProcess(request);
    CHECK(result.pid == -1);
    CHECK(waitpid(-1, nullptr, WNOHANG) == -1);  // No child at all.
    CHECK(errno == ECHILD);
    return std::pair(result.failed_step, result.error);
  };
  CHECK(fail({.program = "/proc/no-such/program", .arguments = {"x"}}) ==
        std::pair(SpawnStep::kProgram, ENOENT));
  CHECK(fail({.program = "/etc/passwd", .arguments = {"x"}}) ==
        std::pair(SpawnStep::kProgram, EACCES));
  CHECK(fail({.program = "/bin/sh", .arguments = {"x", std::string(200'000, 'a')}}) ==
        std::pair(SpawnStep::kProgram, E2BIG));
  CHECK(fail({.program = "/bin/true", .arguments = {"x"}, .working_directory = "/proc/no-such"}) ==
        std::pair(SpawnStep::kWorkingDirectory, ENOENT));
  CHECK(fail({.program = "/bin/true", .arguments = {"x"}, .working_directory = "/etc/passwd"}) ==
        std::pair(SpawnStep::kWorkingDirectory, ENOTDIR));
  CHECK(fail({.program = "/bin/true", .arguments = {"x"}, .stdin_fd = 999}) ==
        std::pair(SpawnStep::kStreams, EBADF));
}

TEST_CASE("a process has its three streams and no other descriptor") {
  const UniqueFd leak_plain(open("/dev/zero", O_RDONLY));  // Without close-on-exec.
  const UniqueFd high(fcntl(leak_plain.get(), F_DUPFD, 200));
  REQUIRE(high);
  // Listed by a child, since the one that lists has the folder open.
  const Output output = Run(Shell("ls /proc/$$/fd; :"));
  std::istringstream lines(output.text);
  std::set<int> open;
  for (int fd; lines >> fd;) open.insert(fd);
  CHECK(open == std::set<int>{0, 1, 2});
  CHECK(Run(Shell("readlink /proc/$$/fd/0 /proc/$$/fd/2")).text == "/dev/null\n/dev/null\n");
}

TEST_CASE("streams may be any descriptors, the standard ones and equal ones included") {
  TestPipe in = MakePipe();
  TestPipe out = MakePipe();
  SECTION("one pipe for output and errors") {
    SpawnRequest request = Shell("echo a; echo b >&2");
    request.stdout_fd = request.stderr_fd = out.writer.get();
    const SpawnResult spawned = SpawnProcess(request);
    REQUIRE(spawned.ok());
    out.writer.reset();
    CHECK(ReadAll(out.reader.get()) == "a\nb\n");
    CHECK(Reap(spawned.pid) == 0);
  }
  SECTION("crossed standard descriptors") {
    const UniqueFd saved_in(fcntl(0, F_DUPFD_CLOEXEC, 10));
    const UniqueFd saved_out(fcntl(1, F_DUPFD_CLOEXEC, 10));
    REQUIRE(dup2(out.writer.get(), 0) == 0);
    REQUIRE(dup2(in.reader.get(), 1) == 1);
    SpawnRequest request = Shell("cat; echo err >&2");
    request.stdin_fd = 1;
    request.stdout_fd = request.stderr_fd = 0;
    const SpawnResult spawned = SpawnProcess(request);
    dup2(saved_in.get(), 0);
    dup2(saved_out.get(), 1);
    if (!saved_in) close(0);
    REQUIRE(spawned.ok());
    in.reader.reset();
    out.writer.reset();
    REQUIRE(write(in.writer.get(), "through\n", 8) == 8);
    in.writer.reset();
    CHECK(ReadAll(out.reader.get()) == "through\nerr\n");
    CHECK(Reap(spawned.pid) == 0);
  }
}

TEST_CASE("passed descriptors are 3 and up, whatever their numbers were") {
  TestPipe first = MakePipe();
  TestPipe second = MakePipe();
  // The numbers that the program will have for the other one, and standard ones.
  for (const bool crossed : {false, true}) {
    SpawnRequest request = Shell("echo three >&3; echo four >&4; ls /proc/self/fd | wc -w >&4");
    request.passed_fds = {first.writer.get(), second.writer.get()};
    if (crossed) {
      // In a child, which may do with its own descriptors as it likes.
      const pid_t child = fork();
      if (child == 0) {
        dup2(second.writer.get(), 103);
        dup2(first.writer.get(), 104);
        dup2(103, 3);
        dup2(104, 4);
        request.passed_fds = {4, 3};
        const SpawnResult spawned = SpawnProcess(request);
        if (spawned.ok()) waitpid(spawned.pid, nullptr, 0);
        _exit(spawned.error);
      }
      REQUIRE(Reap(child) == 0);
    } else {
      const SpawnResult spawned = SpawnProcess(request);
      REQUIRE(spawned.ok());
      REQUIRE(Reap(spawned.pid) == 0);
    }
    CHECK(ReadLine(first.reader.get()) == "three\n");
    CHECK(ReadLine(second.reader.get()) == "four\n");
    // 0 to 4, and ls' own.
    CHECK(ReadLine(second.reader.get()) == "6\n");
  }
  SpawnRequest too_many = Shell("true");
  too_many.passed_fds.assign(kMaxPassedFds + 1, 1);
  CHECK(SpawnProcess(too_many).error == EINVAL);
}

TEST_CASE("the caller's descriptors, signals and mask are left as they were") {
  struct sigaction before = {};
  struct sigaction after = {};
  sigset_t mask_before;
  sigset_t mask_after;
  signal(SIGUSR1, [](int) {});
  sigaction(SIGUSR1, nullptr, &before);
  sigprocmask(SIG_SETMASK, nullptr, &mask_before);
  const std::set<int> open_before = OpenDescriptors();
  CHECK(Run(Shell("exit 0")).exit_code == 0);
  CHECK_FALSE(SpawnProcess({.program = "/proc/no-such", .arguments = {"x"}}).ok());
  CHECK(OpenDescriptors() == open_before);
  sigaction(SIGUSR1, nullptr, &after);
  CHECK(after.sa_handler == before.sa_handler);
  sigprocmask(SIG_SETMASK, nullptr, &mask_after);
  for (int signal = 1; signal < SIGRTMIN; ++signal) {
    CHECK(sigismember(&mask_after, signal) == sigismember(&mask_before, signal));
  }
  signal(SIGUSR1, SIG_DFL);
}

TEST_CASE("a process starts with no signal blocked or ignored, in a session of its own") {
  signal(SIGPIPE, SIG_IGN);
  signal(SIGINT, SIG_IGN);
  sigset_t blocked;
  sigset_t before;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGTERM);
  sigprocmask(SIG_BLOCK, &blocked, &before);
  const Output output =
      Run(Shell("grep -E 'Sig(Blk|Ign)' /proc/self/status; umask; "
                "set -- $(cat /proc/$$/stat); [ $5 = $$ ] && [ $6 = $$ ] && echo own"));
  sigprocmask(SIG_SETMASK, &before, nullptr);
  signal(SIGPIPE, SIG_DFL);
  signal(SIGINT, SIG_DFL);
  CHECK(output.text == "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n0022\nown\n");
}

TEST_CASE("credentials are taken on") {
  if (geteuid() != 0) return;  // Only root may become somebody else.
  SpawnRequest request = Shell("id -u; id -g; id -G");
  request.credentials = Credentials{.uid = 65534, .gid = 65533, .groups = {65533, 7, 9}};
  CHECK(Run(request).text == "65534\n65533\n65533 7 9\n");
  CHECK(geteuid() == 0);
  request.credentials->groups.clear();
  request.working_directory = "/root";
  CHECK(SpawnProcess(request).failed_step == SpawnStep::kWorkingDirectory);
}

TEST_CASE("a process dies with its parent if told so") {
  TestPipe alive = MakePipe();
  // A child process spawns the sleeper from its one thread, then dies. The pipe's end
  // is in the sleeper alone by then, so its end is the sleeper's.
  const pid_t parent = fork();
  if (parent == 0) {
    SpawnRequest request = Shell("exec sleep 1000");
    request.stdout_fd = alive.writer.get();
    _exit(SpawnProcess(request).ok() ? 0 : 1);
  }
  alive.writer.reset();
  CHECK(Reap(parent) == 0);
  CHECK(ReadAll(alive.reader.get()).empty());
}

TEST_CASE("many threads may spawn at once") {
  std::vector<std::thread> threads;
  std::atomic<int> succeeded = 0;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&succeeded] {
      for (int round = 0; round < 20; ++round) {
        const SpawnResult spawned = SpawnProcess(Shell("exit 3"));
        int status = 0;
        if (spawned.ok() && waitpid(spawned.pid, &status, 0) == spawned.pid && WIFEXITED(status) &&
            WEXITSTATUS(status) == 3) {
          ++succeeded;
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(succeeded == 160);
}

}  // namespace
}  // namespace hcs::platform
