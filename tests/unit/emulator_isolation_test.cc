// Systems with a root of their own: what their processes see and can.

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

#include "core/emulator/layers/layer_folder.h"
#include "core/emulator/layers/layer_service.h"
#include "tests/unit/emulator_container_root.h"

namespace hcs::emulator::test {
namespace {

namespace fs = std::filesystem;

std::string Content(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

TEST_CASE("a system with a root has its own files, processes, host name and namespaces") {
  TestHost host;
  if (!CanIsolate(host)) return;
  const BusyboxRoot root;
  const auto names = root.Names();
  TestSystem system("inside", root.Document({{"HostName", "boxy"}}));
  const Json emulation = Properties(system.handle()).json()["Emulation"];
  CHECK(emulation["Isolation"] == "namespaces");
  CHECK(emulation["NotEnforced"].empty());

  CHECK(RunShell(system.handle(), "ls /").output == "bin\ndev\netc\nproc\ntmp\n");
  CHECK(RunShell(system.handle(), "hostname; echo $HOSTNAME $COMPUTERNAME").output ==
        "boxy\nboxy boxy\n");
  // Before the glob there are the worker, which is 1, and the shell.
  CHECK(RunShell(system.handle(), "cd /proc && for p in [0-9]*; do read n <$p/comm; echo $n; done")
            .output == "hcs-worker\nsh\n");
  for (const char* kind : {"mnt", "pid", "uts", "ipc"}) {
    const std::string file = std::string("/proc/self/ns/") + kind;
    const std::string inside = RunShell(system.handle(), "ls -l " + file).output;
    CHECK(inside.find(kind) != std::string::npos);
    CHECK(inside.find(fs::read_symlink(file)) == std::string::npos);
  }
  CHECK(RunShell(system.handle(), "echo kept >/made").exit_code == 0);
  CHECK(Content(root.File("/made")) == "kept\n");
  fs::remove(root.File("/made"));
  system.Terminate();
  CHECK(root.Names() == names);
}

TEST_CASE("mapped directories are in place, and read-only ones cannot be written") {
  TestHost host;
  if (!CanIsolate(host)) return;
  const BusyboxRoot root;
  const auto names = root.Names();
  const TemporaryFolder data;
  fs::create_directory(data.path() + "/below");
  std::ofstream(data.path() + "/in.txt") << "from outside\n";
  const Json directories = {
      {{"HostPath", data.path()}, {"ContainerPath", "C:\\mapped\\rw"}},
      {{"HostPath", data.path()}, {"ContainerPath", "C:\\mapped\\ro"}, {"ReadOnly", true}},
      {{"HostPath", data.path() + "/in.txt"}, {"ContainerPath", "/etc/one-file"}}};
  TestSystem system("mapped", root.Document({{"MappedDirectories", directories}}));
  CHECK(Properties(system.handle()).json()["Emulation"]["NotEnforced"].empty());
  CHECK(RunShell(system.handle(), "cat /mapped/ro/in.txt /etc/one-file").output ==
        "from outside\nfrom outside\n");
  CHECK(RunShell(system.handle(), "echo hi >/mapped/rw/out.txt").exit_code == 0);
  CHECK(Content(data.path() + "/out.txt") == "hi\n");
  for (const char* command :
       {"echo no >/mapped/ro/no", "rm /mapped/ro/in.txt", "touch /mapped/ro/below/no",
        "mount -o remount,rw /mapped/ro", "mkdir /mapped/ro/no"}) {
    const Ended ended = RunShell(system.handle(), command);
    INFO(command << ": " << ended.errors);
    CHECK(ended.exit_code != 0);
  }
  CHECK(Content(data.path() + "/in.txt") == "from outside\n");
  CHECK_FALSE(fs::exists(data.path() + "/no"));
  system.Terminate();
  // What it was mounted on was not the container's.
  CHECK(root.Names() == names);
  CHECK_FALSE(fs::exists(root.File("/etc/one-file")));
}

TEST_CASE("a container has a sandbox over its layers as its root, and lets go of it in the end") {
  TestHost host;
  if (!CanIsolate(host)) return;
  const TemporaryFolder folder;
  const std::string base = folder.path() + "/base";
  const std::string sandbox = folder.path() + "/sandbox";
  LayerService layers(host.state_folder());
  REQUIRE(layers.Create(base, "").ok());
  FillWithBusybox(FilesOfLayer(base));
  REQUIRE(layers.CreateSandbox(sandbox, {base}).ok());
  const Json layer_list = Json::array({{{"ID", "base"}, {"Path", base}}});
  const Json unprepared = {{"SystemType", "Container"}, {"LayerFolderPath", sandbox}};
  abi::HCS_SYSTEM refused = nullptr;
  CHECK(Create("early", unprepared.dump(), &refused).code == abi::VMCOMPUTE_INVALID_LAYER);
  REQUIRE(layers.Activate(sandbox).ok());
  REQUIRE(layers.Prepare(sandbox, {base}).ok());
  const Outcome<std::string> volume = layers.VolumeOf(sandbox);
  REQUIRE(volume.ok());
  for (const Json& storage :
       {Json{{"SystemType", "Container"}, {"VolumePath", *volume}, {"Layers", layer_list}},
        Json{{"SchemaVersion", {{"Major", 2}, {"Minor", 1}}},
             {"Container", {{"Storage", {{"Path", *volume}}}}}}}) {
    TestSystem system("layered", storage);
    CHECK(RunShell(system.handle(), "echo new >/etc/new && rm /etc/group && cat /etc/new").output ==
          "new\n");
    CHECK_FALSE(layers.Unprepare(sandbox).ok());
    system.Terminate();
    REQUIRE(layers.Unprepare(sandbox).ok());
    // What differs from the base is what the container has changed, and nothing else.
    std::vector<std::string> changed;
    for (const auto& entry : fs::recursive_directory_iterator(FilesOfLayer(sandbox))) {
      changed.push_back(entry.path().lexically_relative(FilesOfLayer(sandbox)));
    }
    std::sort(changed.begin(), changed.end());
    CHECK(changed == std::vector<std::string>{"etc", "etc/group", "etc/new"});
    CHECK(fs::exists(FilesOfLayer(base) + "/etc/group"));
    REQUIRE(layers.Prepare(sandbox, {base}).ok());
    fs::copy_file(FilesOfLayer(base) + "/etc/group", MountPointOfSandbox(sandbox) + "/etc/group");
  }
  REQUIRE(layers.Unprepare(sandbox).ok());
  REQUIRE(layers.Deactivate(sandbox).ok());
  CHECK(layers.Destroy(sandbox).ok());
}

TEST_CASE("users, working directories and command lines are the container's own") {
  TestHost host;
  if (!CanIsolate(host)) return;
  const BusyboxRoot root;
  fs::create_directories(root.File("/srv/app"));
  TestSystem system("ways", root.Document());
  CHECK(RunShell(system.handle(), "id -u; id -g; id -G; echo $HOME", {{"User", "app"}}).output ==
        "1000\n1001\n1001 2000\n/home/app\n");
  CHECK(RunShell(system.handle(), "id -u", {{"User", "ContainerUser"}}).output == "65534\n");
  CHECK(StartProcess(system.handle(), {{"CommandLine", "true"}, {"User", "daemon"}}).code ==
        static_cast<abi::HRESULT>(0x80070534));
  CHECK(RunShell(system.handle(), "pwd", {{"WorkingDirectory", "C:\\srv\\app"}}).output ==
        "/srv/app\n");
  CHECK(StartProcess(system.handle(), {{"CommandLine", "true"}, {"WorkingDirectory", "/home"}})
            .code == abi::ERROR_DIRECTORY);
  const StartedProcess cmd =
      StartProcess(system.handle(), {{"CommandLine", "cmd /c \"echo %GREETING%& cd& exit 7\""},
                                     {"Environment", {{"GREETING", "hello"}}},
                                     {"CreateStdOutPipe", true}});
  REQUIRE(cmd.code == abi::S_OK);
  CHECK(ReadAll(cmd.stdout_pipe) == "hello\n/\n");
  CHECK(Eventually([&] { return ProcessProperties(cmd.handle).json()["ExitCode"] == 7; }));
  CHECK(StartProcess(system.handle(), {{"CommandLine", "python3"}}).code ==
        abi::ERROR_FILE_NOT_FOUND);
}

TEST_CASE("a container's processes can neither look into its worker nor gain its powers") {
  TestHost host;
  if (!CanIsolate(host)) return;
  const BusyboxRoot root;
  TestSystem system("guarded", root.Document());
  for (const char* command : {"cat /proc/1/environ", "cat /proc/1/mem", "cat /proc/1/exe",
                              "ls /proc/1/root/", "ls /proc/1/cwd/", "mount -t tmpfs none /tmp",
                              "hostname other", "echo 1 >/proc/sys/vm/swappiness"}) {
    const Ended ended = RunShell(system.handle(), command);
    INFO(command << ": " << ended.output);
    CHECK(ended.exit_code != 0);
    CHECK(ended.errors.find("not found") == std::string::npos);
  }
  // The worker holds the machine's control groups and mounts; their names alone are seen.
  CHECK(RunShell(system.handle(), "ls /proc/1/fd").output.find("10\n") != std::string::npos);
  CHECK(
      RunShell(system.handle(), "for f in /proc/1/fd/*; do cat <$f; cd $f/ && pwd; done").output ==
      "");
  CHECK(RunShell(system.handle(), "kill -9 1; kill -TERM 1; kill -STOP 1; echo alive").output ==
        "alive\n");
  CHECK(Properties(system.handle()).json()["State"] == "Running");
}

TEST_CASE("a console inside is a terminal of the container's own") {
  TestHost host;
  if (!CanIsolate(host)) return;
  const BusyboxRoot root;
  TestSystem system("console", root.Document());
  const Ended ended = RunShell(system.handle(), "tty; stty size; ls -1 /dev/pts",
                               {{"EmulateConsole", true}, {"ConsoleSize", {30, 100}}});
  CHECK(ended.output == "/dev/pts/0\r\n30 100\r\n0\r\nptmx\r\n");
}

TEST_CASE("what a document maps or names for a root has to be there") {
  TestHost host;
  if (!CanIsolate(host)) return;
  const BusyboxRoot root;
  const auto names = root.Names();
  abi::HCS_SYSTEM system = nullptr;
  const auto refused = [&](const Json& more, abi::HRESULT code, const std::string& field) {
    const Answer answer = Create("refused", root.Document(more).dump(), &system);
    INFO(answer.result);
    CHECK(answer.code == code);
    CHECK(answer.result.find(field) != std::string::npos);
  };
  refused({{"VolumePath", "/nowhere/at/all"}}, abi::ERROR_PATH_NOT_FOUND, "VolumePath");
  refused({{"VolumePath", "/etc/passwd"}}, abi::ERROR_PATH_NOT_FOUND, "VolumePath");
  refused({{"VolumePath", "relative"}}, abi::ERROR_INVALID_PARAMETER, "VolumePath");
  refused({{"HostName", std::string(65, 'x')}}, abi::ERROR_INVALID_PARAMETER, "HostName");
  const auto mapping = [](const char* from, const char* to) {
    return Json{{"MappedDirectories", Json::array({{{"HostPath", from}, {"ContainerPath", to}}})}};
  };
  refused(mapping("/nowhere", "/x"), abi::ERROR_PATH_NOT_FOUND, "MappedDirectories[0].HostPath");
  for (const char* path : {"", "x", "C:\\", "/", "C:\\a\\..\\..\\b", "D:\\x"}) {
    refused(mapping("/tmp", path), abi::ERROR_INVALID_PARAMETER,
            "MappedDirectories[0].ContainerPath");
  }
  CHECK(Enumerate().json().empty());
  CHECK(root.Names() == names);
}

TEST_CASE("what the OCI runtime refuses is told in its own words, and leaves nothing") {
  TestHost host;
  if (!CanIsolate(host)) return;
  const BusyboxRoot root;
  const auto names = root.Names();
  // A mount point that cannot be made.
  const Json more = {{"MappedDirectories",
                      Json::array({{{"HostPath", "/tmp"}, {"ContainerPath", "/etc/passwd/x"}}})}};
  abi::HCS_SYSTEM system = nullptr;
  REQUIRE(abi::IsPending(Create("refused", root.Document(more).dump(), &system).code));
  Inbox inbox;
  abi::HCS_CALLBACK registration = nullptr;
  REQUIRE(Table().HcsRegisterComputeSystemCallback(system, Inbox::Callback, &inbox,
                                                   &registration) == abi::S_OK);
  const auto completed = inbox.Await(abi::HcsNotificationSystemCreateCompleted);
  REQUIRE(completed);
  CHECK(completed->status != abi::S_OK);
  CHECK(completed->data["ErrorMessage"].get<std::string>().find("passwd") != std::string::npos);
  CHECK(Table().HcsCloseComputeSystem(system) == abi::S_OK);
  CHECK(Enumerate().json().empty());
  CHECK(fs::is_empty(host.state_folder() + "/systems"));
  CHECK(root.Names() == names);
}

TEST_CASE("a system without a root, or on a host set to processes, is made of processes") {
  TestHost host({.isolation = IsolationSetting::kProcess});
  CHECK_FALSE(host.host().Isolation().namespaces);
  CHECK(host.host().Isolation().reason.find("process") != std::string::npos);
  const TemporaryFolder folder;
  TestSystem system("rooted", {{"SystemType", "Container"}, {"VolumePath", folder.path()}});
  const Json emulation = Properties(system.handle()).json()["Emulation"];
  CHECK(emulation["Isolation"] == "process");
  CHECK(emulation["NotEnforced"] == Json::array({"VolumePath"}));
}

TEST_CASE("without a root there are no namespaces, whatever is asked for") {
  TestHost host;
  TestSystem system("rootless");
  CHECK(Properties(system.handle()).json()["Emulation"]["Isolation"] == "process");
}

}  // namespace
}  // namespace hcs::emulator::test
