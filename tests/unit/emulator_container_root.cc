#include "tests/unit/emulator_container_root.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

namespace hcs::emulator::test {
namespace {

namespace fs = std::filesystem;

constexpr char kBusybox[] = "/bin/busybox";
constexpr const char* kApplets[] = {
    "sh", "cat", "echo", "env",    "false", "hostname", "id",   "kill",  "ls",   "mkdir", "mount",
    "ps", "pwd", "rm",   "setsid", "sleep", "stty",     "tail", "touch", "true", "tty",   "dd"};

}  // namespace

bool CanIsolate(TestHost& host) {
  const HostIsolation isolation = host.host().Isolation();
  if (!isolation.namespaces) WARN("not tested: " << isolation.reason);
  if (!fs::exists(kBusybox)) WARN("not tested: there is no /bin/busybox (package busybox-static)");
  return isolation.namespaces && fs::exists(kBusybox);
}

void FillWithBusybox(const std::string& folder) {
  const auto file = [&folder](const std::string& name) { return folder + name; };
  fs::permissions(folder, fs::perms(0755));
  for (const char* name : {"/bin", "/etc", "/tmp"}) fs::create_directory(file(name));
  fs::permissions(file("/tmp"), fs::perms(01777));
  fs::copy_file(kBusybox, file("/bin/busybox"));
  for (const char* applet : kApplets) fs::create_symlink("busybox", file("/bin/") + applet);
  std::ofstream(file("/etc/passwd")) << "root:x:0:0:root:/root:/bin/sh\n"
                                        "app:x:1000:1001:app:/home/app:/bin/sh\n"
                                        "nobody:x:65534:65534:nobody:/:/bin/false\n";
  std::ofstream(file("/etc/group")) << "extra:x:2000:app\n";
}

BusyboxRoot::BusyboxRoot() { FillWithBusybox(path()); }

std::vector<std::string> BusyboxRoot::Names() const {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(path())) names.push_back(entry.path().filename());
  std::sort(names.begin(), names.end());
  return names;
}

Json BusyboxRoot::Document(const Json& more) const {
  Json document = {{"SystemType", "Container"},
                   {"VolumePath", path()},
                   {"LayerFolderPath", path()},
                   {"Layers", Json::array({{{"ID", "base"}, {"Path", path()}}})}};
  document.update(more);
  return document;
}

Ended RunShell(abi::HCS_SYSTEM system, const std::string& command, const Json& more) {
  Json parameters = {{"CommandArgs", {"/bin/sh", "-c", command}},
                     {"CreateStdOutPipe", true},
                     {"CreateStdErrPipe", true}};
  parameters.update(more);
  const StartedProcess process = StartProcess(system, parameters);
  INFO(process.result);
  REQUIRE(process.code == abi::S_OK);
  Ended ended;
  ended.output = ReadAll(process.stdout_pipe);
  if (process.stderr_pipe) ended.errors = ReadAll(process.stderr_pipe);
  REQUIRE(Eventually([&] { return ProcessProperties(process.handle).json()["Exited"] == true; }));
  ended.exit_code = ProcessProperties(process.handle).json()["ExitCode"];
  CHECK(Table().HcsCloseProcess(process.handle) == abi::S_OK);
  return ended;
}

std::vector<std::string> CgroupFolders(const std::string& part) {
  std::vector<std::string> found;
  std::error_code error;
  const auto options = fs::directory_options::skip_permission_denied;
  for (fs::recursive_directory_iterator entry("/sys/fs/cgroup", options, error), end;
       !error && entry != end; entry.increment(error)) {
    std::error_code gone;
    if (!entry->is_directory(gone)) {
      entry.disable_recursion_pending();
    } else if (entry->path().native().find(part) != std::string::npos) {
      found.push_back(entry->path());
    }
  }
  return found;
}

std::string SystemFolder(const TestHost& host, const std::string& id) {
  return host.state_folder() + "/systems/" + id;
}

pid_t WorkerOf(const TestHost& host, const std::string& id) {
  pid_t worker = 0;
  std::ifstream(SystemFolder(host, id) + "/worker.pid") >> worker;
  REQUIRE(worker > 1);
  return worker;
}

}  // namespace hcs::emulator::test
