#include "core/emulator/isolation/oci_runtime.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>
#include <utility>
#include <vector>

#include "core/emulator/documents/schema.h"
#include "core/emulator/errno_status.h"
#include "core/emulator/isolation/oci_bundle.h"
#include "core/emulator/state/process_end.h"
#include "core/emulator/state/state_files.h"
#include "core/platform/container_scope.h"
#include "core/platform/process.h"

namespace hcs::emulator {
namespace {

using platform::UniqueFd;

constexpr char kProgramFolders[][16] = {"/usr/local/sbin", "/usr/local/bin", "/usr/sbin",
                                        "/usr/bin",        "/sbin",          "/bin"};
constexpr char kConfiguration[] = "config.json";
constexpr char kRuntimeState[] = "/runtime";
constexpr char kRuntimeLog[] = "runtime.log";
constexpr char kPidFile[] = "worker.pid";
constexpr int kRuntimeTimeoutMs = 60'000;

const std::vector<std::string>& Environment() {
  static const std::vector<std::string> environment = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin"};
  return environment;
}

// Below the caller's own groups in version 1, in the root in version 2: as the container's
// scope (platform::OpenScopeSurroundings).
std::string CgroupsPath(const std::string& runtime_id) {
  bool legacy = false;
  for (const auto& hierarchy : platform::OpenScopeSurroundings().hierarchies) {
    legacy = legacy || !hierarchy.unified;
  }
  return (legacy ? "" : "/") + RuntimeScopeNameOf(runtime_id);
}

Status WriteBundle(const ContainerLaunch& launch, const ReservedSystem& reserved) {
  BundleOptions options{.host_name = launch.host_name,
                        .files = launch.files,
                        .arguments = {launch.worker_mode, launch.id},
                        .environment = Environment(),
                        .cgroups_path = CgroupsPath(reserved.runtime_id)};
  const std::string text = JsonToText(BundleConfiguration(options));
  if (int error = WriteFileAtomically(reserved.folder.get(), kConfiguration, text)) {
    return ErrnoStatus(error, "writing the container's configuration");
  }
  return MakeMountPoints(launch.files, reserved.folder.get());
}

// The last of the errors that the runtime has logged, each a JSON object in its line.
std::string LoggedError(const ReservedSystem& reserved) {
  std::istringstream log(ReadStateFile(reserved.folder.get(), kRuntimeLog).value_or(""));
  std::string message;
  for (std::string line; std::getline(log, line);) {
    const Json entry = Json::parse(line, nullptr, false);
    if (!entry.is_object()) continue;
    const std::string level = StringField(entry, "level");
    if (level == "error" || level == "fatal") message = StringField(entry, "msg");
  }
  return message;
}

// How the runtime ended, as waitpid tells it.
Outcome<int> AwaitRuntime(pid_t runtime) {
  const bool ended = AwaitProcessEnd(runtime, kRuntimeTimeoutMs);
  if (!ended) kill(runtime, SIGKILL);
  int wait_status = 0;
  while (waitpid(runtime, &wait_status, 0) < 0 && errno == EINTR) {
  }
  if (!ended) return Status{abi::VMCOMPUTE_TIMEOUT, "the OCI runtime does not come to an end"};
  return wait_status;
}

Status RunRuntime(const ContainerLaunch& launch, const ReservedSystem& reserved, bool detach) {
  if (Status status = WriteBundle(launch, reserved); !status.ok()) return status;
  const UniqueFd worker(open(launch.worker_path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!worker) return ErrnoStatus(errno, launch.worker_path);
  platform::SpawnRequest request;
  request.program = launch.runtime;
  request.arguments = {"runc",
                       "--root",
                       reserved.path + kRuntimeState,
                       "--log",
                       reserved.path + "/" + kRuntimeLog,
                       "--log-format",
                       "json",
                       "run",
                       "--preserve-fds",
                       "1",
                       "--bundle",
                       reserved.path,
                       "--pid-file",
                       reserved.path + "/" + kPidFile};
  if (detach) request.arguments.emplace_back("--detach");
  request.arguments.push_back(reserved.runtime_id);
  request.environment = Environment();
  request.working_directory = "/";
  request.stdin_fd = launch.stdin_fd;
  request.stderr_fd = launch.log_fd;
  // The lock stays the runtime's (only 3 is preserved), so that nobody takes the folder
  // for a dead one while it works, should this process die. It finishes without us.
  request.passed_fds = {worker.get(), reserved.lock.get()};
  request.kill_with_parent = false;
  const platform::SpawnResult spawned = platform::SpawnProcess(request);
  if (!spawned.ok()) return ErrnoStatus(spawned.error, launch.runtime);
  const Outcome<int> wait_status = AwaitRuntime(spawned.pid);
  if (!wait_status.ok()) return wait_status.failure();
  if (WIFEXITED(*wait_status) && WEXITSTATUS(*wait_status) == 0) return {};
  std::string message = LoggedError(reserved);
  if (message.empty()) message = "its first process failed";
  return {abi::ERROR_GEN_FAILURE, "the OCI runtime " + launch.runtime + ": " + message};
}

}  // namespace

std::string FindRuntime() {
  for (const char* folder : kProgramFolders) {
    std::string path = std::string(folder) + "/runc";
    if (access(path.c_str(), X_OK) == 0) return path;
  }
  return {};
}

Outcome<int> StartContainer(const ContainerLaunch& launch, const ReservedSystem& reserved) {
  if (Status status = RunRuntime(launch, reserved, true); !status.ok()) return status;
  const std::string text = ReadStateFile(reserved.folder.get(), kPidFile).value_or("");
  int process_id = 0;
  std::from_chars(text.data(), text.data() + text.size(), process_id);
  if (process_id > 0) return process_id;
  return Status{abi::ERROR_GEN_FAILURE, "the OCI runtime has not told its container's process"};
}

Status RunContainer(const ContainerLaunch& launch, const ReservedSystem& reserved) {
  return RunRuntime(launch, reserved, false);
}

}  // namespace hcs::emulator
