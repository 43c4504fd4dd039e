#include "tests/integration/daemon_fixture.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

#include "core/platform/unique_fd.h"
#include "grpcpp/create_channel.h"
#include "tests/integration/calls.h"
#include "tests/integration/leftovers.h"

namespace hcs::integration {
namespace {

using platform::UniqueFd;

constexpr int kStartMilliseconds = 60'000;

struct Pipe {
  UniqueFd read, write;
};

Pipe NewPipe() {
  std::array<int, 2> ends{};
  REQUIRE(pipe2(ends.data(), O_CLOEXEC) == 0);
  return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

std::string TextOf(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

std::string NewFolder() {
  std::string pattern = std::filesystem::temp_directory_path() / "hcsd-test-XXXXXX";
  REQUIRE(mkdtemp(pattern.data()) != nullptr);
  return pattern;
}

// In a session of its own, so that a terminal's signals do not reach it.
pid_t Spawn(const std::vector<std::string>& arguments, int output, const std::string& errors) {
  std::vector<std::string> words{HCSD_PROGRAM};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, output, 1);
  posix_spawn_file_actions_addopen(&actions, 2, errors.c_str(), O_WRONLY | O_CREAT | O_APPEND,
                                   0600);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
  pid_t pid = -1;
  const int error = posix_spawn(&pid, HCSD_PROGRAM, &actions, &attributes, argv.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  REQUIRE(error == 0);
  return pid;
}

int ExitCodeOf(pid_t pid) {
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::string ReadAll(int descriptor) {
  std::string text;
  std::array<char, 4096> part;
  ssize_t size = 0;
  while ((size = read(descriptor, part.data(), part.size())) > 0) text.append(part.data(), size);
  return text;
}

}  // namespace

ProgramResult RunHcsd(const std::vector<std::string>& arguments) {
  const std::string folder = NewFolder();
  Pipe output = NewPipe();
  const pid_t pid = Spawn(arguments, output.write.get(), folder + "/stderr");
  output.write.reset();
  ProgramResult result;
  result.stdout_text = ReadAll(output.read.get());
  result.exit_code = ExitCodeOf(pid);
  result.stderr_text = TextOf(folder + "/stderr");
  std::filesystem::remove_all(folder);
  return result;
}

Daemon::Daemon(std::vector<std::string> flags) : flags_(std::move(flags)), folder_(NewFolder()) {
  Start();
}

Daemon::~Daemon() {
  if (pid_ > 0) {
    TerminateContainers();
    Signal(SIGTERM);
    WaitForExit();
  }
  KillWorkersOf(state());
  std::filesystem::remove_all(folder_);
}

void Daemon::Start() {
  std::vector<std::string> arguments{"--host",   "emulated",         "--state",
                                     state(),    "--listen",         "unix://" + socket(),
                                     "--listen", "tcp://127.0.0.1:0"};
  arguments.insert(arguments.end(), flags_.begin(), flags_.end());
  Pipe output = NewPipe();
  pid_ = Spawn(arguments, output.write.get(), folder_ + "/log");
  output.write.reset();
  ReadReadyLine(output.read.get());
  channel_ = NewChannel();
  containers_ = v1::ContainerService::NewStub(channel_);
  processes_ = v1::ProcessService::NewStub(channel_);
  events_ = v1::EventService::NewStub(channel_);
  host_ = v1::HostService::NewStub(channel_);
}

void Daemon::ReadReadyLine(int output) {
  std::string line;
  while (line.find('\n') == std::string::npos) {
    pollfd readable{.fd = output, .events = POLLIN};
    std::array<char, 512> part;
    const bool ready = poll(&readable, 1, kStartMilliseconds) == 1;
    const ssize_t size = ready ? read(output, part.data(), part.size()) : 0;
    if (size <= 0) FAIL("hcsd does not start: " << log());
    line.append(part.data(), size);
  }
  INFO(line);
  REQUIRE(line.starts_with("hcsd ready: unix://" + socket() + " tcp://127.0.0.1:"));
  tcp_target_ = line.substr(line.find("tcp://") + 6);
  tcp_target_.pop_back();
}

void Daemon::Signal(int signal) { REQUIRE(kill(pid_, signal) == 0); }

int Daemon::WaitForExit() {
  const int code = ExitCodeOf(std::exchange(pid_, -1));
  channel_ = nullptr;
  return code;
}

std::string Daemon::log() const { return TextOf(folder_ + "/log"); }

std::shared_ptr<grpc::Channel> Daemon::NewChannel() const {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetMaxReceiveMessageSize(-1);
  return grpc::CreateCustomChannel(unix_target(), grpc::InsecureChannelCredentials(), arguments);
}

void Daemon::TerminateContainers() {
  for (const v1::Container& container : ListAll(*this)) {
    Call call;
    v1::TerminateContainerRequest request;
    request.set_id(container.id());
    v1::TerminateContainerResponse response;
    // One that has stopped already, or is unknown by now, is as good.
    (void)containers().TerminateContainer(call.context(), request, &response);
  }
}

}  // namespace hcs::integration
