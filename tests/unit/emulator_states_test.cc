// The state machine, documents, enumeration and properties, through the table.

#include <array>
#include <catch2/catch.hpp>
#include <string>

#include "tests/unit/emulator_test_host.h"

namespace hcs::emulator::test {
namespace {

using abi::HCS_SYSTEM;
using abi::HRESULT;

const char kContainer[] = R"({"SystemType":"Container"})";

HRESULT Start(HCS_SYSTEM system) { return Table().HcsStartComputeSystem(system, u"", nullptr); }
HRESULT Pause(HCS_SYSTEM system) { return Table().HcsPauseComputeSystem(system, u"", nullptr); }
HRESULT Resume(HCS_SYSTEM system) { return Table().HcsResumeComputeSystem(system, u"", nullptr); }
HRESULT Shutdown(HCS_SYSTEM system, const char16_t* options = u"") {
  return Table().HcsShutdownComputeSystem(system, options, nullptr);
}
HRESULT Terminate(HCS_SYSTEM system) {
  return Table().HcsTerminateComputeSystem(system, u"", nullptr);
}
HRESULT Modify(HCS_SYSTEM system, const Json& document) {
  return Table().HcsModifyComputeSystem(system, Wide(document.dump()).c_str(), nullptr);
}

TEST_CASE("every state refuses what is illegal in it") {
  TestHost host;
  TestSystem system("states", Json::object(), /*start=*/false);
  const HCS_SYSTEM handle = system.handle();
  const auto state = [&] { return Properties(handle).json()["State"].get<std::string>(); };

  CHECK(state() == "Created");
  CHECK(Pause(handle) == abi::VMCOMPUTE_INVALID_STATE);
  CHECK(Resume(handle) == abi::VMCOMPUTE_INVALID_STATE);
  CHECK(Shutdown(handle) == abi::VMCOMPUTE_INVALID_STATE);
  CHECK(StartProcess(handle, {{"CommandLine", "true"}}).code == abi::VMCOMPUTE_INVALID_STATE);

  CHECK(Start(handle) == abi::VMCOMPUTE_OPERATION_PENDING);
  CHECK(system.inbox().Await(abi::HcsNotificationSystemStartCompleted)->status == abi::S_OK);
  CHECK(state() == "Running");
  CHECK(Start(handle) == abi::VMCOMPUTE_INVALID_STATE);
  CHECK(Resume(handle) == abi::VMCOMPUTE_INVALID_STATE);

  CHECK(Pause(handle) == abi::VMCOMPUTE_OPERATION_PENDING);
  CHECK(system.inbox().Await(abi::HcsNotificationSystemPauseCompleted)->status == abi::S_OK);
  CHECK(state() == "Paused");
  CHECK(Start(handle) == abi::VMCOMPUTE_INVALID_STATE);
  CHECK(Pause(handle) == abi::VMCOMPUTE_INVALID_STATE);
  CHECK(Shutdown(handle) == abi::VMCOMPUTE_INVALID_STATE);
  CHECK(StartProcess(handle, {{"CommandLine", "true"}}).code == abi::VMCOMPUTE_INVALID_STATE);

  CHECK(Resume(handle) == abi::VMCOMPUTE_OPERATION_PENDING);
  CHECK(system.inbox().Await(abi::HcsNotificationSystemResumeCompleted)->status == abi::S_OK);
  CHECK(state() == "Running");

  CHECK(Shutdown(handle) == abi::VMCOMPUTE_OPERATION_PENDING);
  const auto exited = system.inbox().Await(abi::HcsNotificationSystemExited);
  CHECK(exited->status == abi::S_OK);
  CHECK(exited->data["ExitType"] == "GracefulExit");
  CHECK(state() == "Stopped");
  CHECK(Start(handle) == abi::VMCOMPUTE_SYSTEM_ALREADY_STOPPED);
  CHECK(Pause(handle) == abi::VMCOMPUTE_INVALID_STATE);
  CHECK(Resume(handle) == abi::VMCOMPUTE_INVALID_STATE);
  CHECK(Shutdown(handle) == abi::VMCOMPUTE_SYSTEM_ALREADY_STOPPED);
  CHECK(Terminate(handle) == abi::VMCOMPUTE_SYSTEM_ALREADY_STOPPED);
  CHECK(StartProcess(handle, {{"CommandLine", "true"}}).code == abi::VMCOMPUTE_INVALID_STATE);
  CHECK(Table().HcsSaveComputeSystem(handle, u"", nullptr) == abi::ERROR_NOT_SUPPORTED);
}

TEST_CASE("what stops has its id free at once, and old handles still answer") {
  TestHost host;
  TestSystem first("again");
  const std::string old_id = Properties(first.handle()).json()["RuntimeId"];
  first.Terminate();
  TestSystem second("again");
  CHECK(Properties(second.handle()).json()["RuntimeId"] != old_id);
  CHECK(Properties(first.handle()).json()["RuntimeId"] == old_id);
  CHECK(Properties(first.handle()).json()["State"] == "Stopped");
  CHECK(Properties(second.handle()).json()["State"] == "Running");
}

TEST_CASE("a second system of the same id is refused and the first unharmed") {
  TestHost host;
  TestSystem system("twice");
  HCS_SYSTEM second = nullptr;
  const Answer answer = Create("twice", kContainer, &second);
  CHECK(answer.code == abi::VMCOMPUTE_SYSTEM_ALREADY_EXISTS);
  CHECK(second == nullptr);
  CHECK(Json::parse(answer.result)["Error"] == abi::VMCOMPUTE_SYSTEM_ALREADY_EXISTS);
  CHECK(Properties(system.handle()).json()["State"] == "Running");
}

TEST_CASE("a bad document is refused by its field, and leaves nothing") {
  TestHost host;
  const auto refused = [](const std::string& configuration, HRESULT code, const char* words) {
    HCS_SYSTEM system = nullptr;
    const Answer answer = Create("bad", configuration, &system);
    INFO(configuration << " -> " << answer.result);
    CHECK(answer.code == code);
    CHECK(system == nullptr);
    CHECK(answer.result.find(words) != std::string::npos);
  };
  refused("{", abi::VMCOMPUTE_INVALID_JSON, "parse error");
  refused("[]", abi::VMCOMPUTE_INVALID_JSON, "not a JSON object");
  refused("{}", abi::VMCOMPUTE_INVALID_JSON, "SystemType is missing");
  refused(R"({"SystemType":"Teapot"})", abi::VMCOMPUTE_INVALID_JSON, "SystemType");
  refused(R"({"SystemType":"Container","Owner":5})", abi::VMCOMPUTE_INVALID_JSON,
          "Owner is not a string");
  refused(R"({"SystemType":"Container","Layers":[{"ID":"a"},{"ID":7}]})",
          abi::VMCOMPUTE_INVALID_JSON, "Layers[1].ID is not a string");
  refused(R"({"SystemType":"Container","MemoryMaximumInMB":-1})", abi::VMCOMPUTE_INVALID_JSON,
          "MemoryMaximumInMB is not a whole number of 0 or more");
  refused(R"({"SystemType":"Container","ProcessorCount":1e30})", abi::VMCOMPUTE_INVALID_JSON,
          "ProcessorCount");
  refused(R"({"SystemType":"Container","ProcessorWeight":10001})", abi::ERROR_INVALID_PARAMETER,
          "ProcessorWeight");
  refused(R"({"SystemType":"Container","HvPartition":true})", abi::VMCOMPUTE_HYPERV_NOT_INSTALLED,
          "HvPartition");
  refused(R"({"SchemaVersion":{"Major":2,"Minor":1}})", abi::VMCOMPUTE_INVALID_JSON,
          "Container is missing");
  refused(R"({"SchemaVersion":{"Major":2},"VirtualMachine":{}})",
          abi::VMCOMPUTE_HYPERV_NOT_INSTALLED, "VirtualMachine");
  refused(R"({"SchemaVersion":{"Major":2},"Container":{"Memory":{"SizeInMB":"x"}}})",
          abi::VMCOMPUTE_INVALID_JSON, "Container.Memory.SizeInMB is not a number");
  refused(std::string(1000, '['), abi::VMCOMPUTE_INVALID_JSON, "nested deeper");
  refused(std::string(20 << 20, ' '), abi::VMCOMPUTE_INVALID_JSON, "larger than");
  CHECK(Enumerate().json().empty());
}

TEST_CASE("bad ids are refused, odd ones are not") {
  TestHost host;
  for (const std::string& id :
       {std::string(), std::string("."), std::string(".."), std::string("a/b"),
        std::string("..\\x"), std::string("a\nb"), std::string(300, 'x')}) {
    HCS_SYSTEM system = nullptr;
    INFO(id);
    CHECK(Create(id, kContainer, &system).code == abi::ERROR_INVALID_PARAMETER);
    CHECK(Open(id, &system).code == abi::ERROR_INVALID_PARAMETER);
    CHECK(system == nullptr);
  }
  HCS_SYSTEM system = nullptr;
  const std::array<char16_t, 3> lone_surrogate = {u'a', char16_t{0xD800}, 0};
  CHECK(Table().HcsCreateComputeSystem(lone_surrogate.data(), u"{}", nullptr, &system, nullptr) ==
        abi::ERROR_INVALID_PARAMETER);
  CHECK(Table().HcsCreateComputeSystem(nullptr, nullptr, nullptr, &system, nullptr) ==
        abi::ERROR_INVALID_PARAMETER);
  CHECK(Table().HcsCreateComputeSystem(u"x", u"{}", nullptr, nullptr, nullptr) ==
        abi::ERROR_INVALID_PARAMETER);
  for (const char* id : {".hidden", "50%", "a:b*c?", "größe ü", "-", "trailing."}) {
    TestSystem odd(id);
    CHECK(Properties(odd.handle()).json()["Id"] == id);
    CHECK(Enumerate({{"Ids", {id}}}).json().size() == 1);
  }
}

TEST_CASE("enumeration by every list") {
  TestHost host;
  TestSystem a("a", {{"SystemType", "Container"}, {"Owner", "x"}, {"Name", "one"}});
  TestSystem b("b", {{"SystemType", "Container"}, {"Owner", "y"}, {"Name", "two"}});
  const auto ids = [](const Json& query) {
    std::string found;
    for (const Json& entry : Enumerate(query).json()) found += entry["Id"].get<std::string>();
    return found.size() == 2 ? "both" : found;
  };
  CHECK(ids(Json::object()) == "both");
  CHECK(ids({{"Owners", {"x"}}}) == "a");
  CHECK(ids({{"Names", {"two"}}}) == "b");
  CHECK(ids({{"Ids", {"a", "nope", "../a"}}}) == "a");
  CHECK(ids({{"Types", {"Container"}}, {"Owners", {"x", "y", "z"}}}) == "both");
  CHECK(ids({{"Types", {"VirtualMachine"}}}).empty());
  CHECK(Enumerate({{"Ids", "a"}}).code == abi::VMCOMPUTE_INVALID_JSON);
}

TEST_CASE("properties of every type, in both schemas") {
  TestHost host;
  const Json schema2 = {{"SchemaVersion", {{"Major", 2}, {"Minor", 1}}},
                        {"Owner", "o"},
                        {"Container",
                         {{"Memory", {{"SizeInMB", 64}}},
                          {"GuestOs", {{"HostName", "h"}}},
                          {"MappedDirectories", Json::array({{{"HostPath", "/a"}}})}}},
                        {"ShouldTerminateOnLastHandleClosed", false}};
  TestSystem system("properties", schema2);
  const StartedProcess process = StartProcess(system.handle(), {{"CommandLine", "sleep 100"}});
  REQUIRE(process.code == abi::S_OK);
  const Json properties =
      Properties(system.handle(),
                 {{"PropertyTypes",
                   {"Statistics", "ProcessList", "PendingUpdates", "Memory",
                    "TerminateOnLastHandleClosed", "MappedVirtualDisk", "GuestConnection"}}})
          .json();
  CHECK(properties["Memory"]["SizeInMB"] == 64);
  CHECK(properties["AreUpdatesPending"] == false);
  CHECK(properties["TerminateOnLastHandleClosed"] == false);
  REQUIRE(properties["ProcessList"].size() == 1);
  CHECK(properties["ProcessList"][0]["ProcessId"] == process.process_id);
  CHECK(properties["ProcessList"][0]["ImageName"] == "sleep");
  CHECK(properties["Statistics"]["Uptime100ns"].get<uint64_t>() > 0);
  CHECK(properties["Statistics"]["Memory"]["MemoryUsageCommitBytes"].get<uint64_t>() > 0);
  CHECK(properties["Emulation"]["Isolation"] == "process");
  const Json not_enforced = properties["Emulation"]["NotEnforced"];
  CHECK(std::find(not_enforced.begin(), not_enforced.end(), "Container.MappedDirectories") !=
        not_enforced.end());
  CHECK(Properties(system.handle(), {{"PropertyTypes", {"Colour"}}}).code ==
        abi::VMCOMPUTE_INVALID_JSON);
}

TEST_CASE("limits change at run time, what cannot change says so") {
  TestHost host;
  TestSystem system("modify");
  const HCS_SYSTEM handle = system.handle();
  CHECK(Modify(handle, {{"ResourceType", "Memory"},
                        {"RequestType", "Update"},
                        {"Settings", {{"MemoryMaximumInMB", 128}}}}) == abi::S_OK);
  CHECK(Properties(handle, {{"PropertyTypes", {"Memory"}}}).json()["Memory"]["SizeInMB"] == 128);
  CHECK(Modify(handle, {{"ResourcePath", "Container/Memory/SizeInMB"}, {"Settings", 256}}) ==
        abi::S_OK);
  CHECK(Modify(handle, {{"ResourcePath", "Container/Processor"},
                        {"RequestType", "Update"},
                        {"Settings", {{"Weight", 500}}}}) == abi::S_OK);
  CHECK(Modify(handle, {{"ResourcePath", "Container/Processor"},
                        {"Settings", {{"Weight", 50000}}}}) == abi::ERROR_INVALID_PARAMETER);
  CHECK(Modify(handle, {{"ResourcePath", "Container/Processor"},
                        {"Settings", {{"Weight", "x"}}}}) == abi::VMCOMPUTE_INVALID_JSON);
  CHECK(Modify(handle, {{"ResourceType", "Hat"}, {"RequestType", "Add"}, {"Settings", "x"}}) ==
        abi::ERROR_NOT_SUPPORTED);
  CHECK(Modify(handle, Json::object()) == abi::VMCOMPUTE_INVALID_JSON);
}

TEST_CASE("the build number gates schema 2") {
  const auto versions = [](const char16_t* query) {
    abi::PWSTR properties = nullptr;
    CHECK(Table().HcsGetServiceProperties(query, &properties, nullptr) == abi::S_OK);
    return Json::parse(TakeText(properties))["Properties"][0]["SupportedSchemaVersions"];
  };
  const std::string schema2 = R"({"SchemaVersion":{"Major":2,"Minor":1},"Container":{}})";
  HCS_SYSTEM system = nullptr;
  {
    EmulatedHost::Options options;
    options.build_number = 14393;
    TestHost host(options);
    CHECK(versions(u"{\"PropertyTypes\":[\"Basic\"]}").size() == 1);
    CHECK(Create("old", schema2, &system).code == abi::VMCOMPUTE_INVALID_JSON);
  }
  TestHost host;
  CHECK(versions(u"").size() == 2);
  abi::PWSTR properties = nullptr;
  CHECK(Table().HcsGetServiceProperties(u"{\"PropertyTypes\":[\"Hat\"]}", &properties, nullptr) ==
        abi::VMCOMPUTE_INVALID_JSON);
  TestSystem schema2_system("new", Json::parse(schema2));
  CHECK(Properties(schema2_system.handle()).json()["SystemType"] == "Container");
}

TEST_CASE("a shutdown asks first and kills when the time is up") {
  TestHost host;
  TestSystem system("stubborn");
  Json stubborn = {{"CommandArgs", {"/bin/sh", "-c", "trap '' TERM; echo ready; sleep 1000"}},
                   {"CreateStdOutPipe", true}};
  const StartedProcess process = StartProcess(system.handle(), stubborn);
  Json polite = {{"CommandArgs",
                  {"/bin/sh", "-c",
                   "trap 'exit 5' TERM; echo ready; "
                   "while :; do sleep 0.02; done"}},
                 {"CreateStdOutPipe", true}};
  const StartedProcess asked = StartProcess(system.handle(), polite);
  std::array<char, 6> ready{};
  REQUIRE(read(process.stdout_pipe.get(), ready.data(), ready.size()) == 6);
  REQUIRE(read(asked.stdout_pipe.get(), ready.data(), ready.size()) == 6);
  CHECK(Shutdown(system.handle(), u"{\"TimeoutInMs\":\"soon\"}") == abi::VMCOMPUTE_INVALID_JSON);
  CHECK(Shutdown(system.handle(), u"{\"TimeoutInMs\":500}") == abi::VMCOMPUTE_OPERATION_PENDING);
  CHECK(system.inbox().Await(abi::HcsNotificationSystemExited));
  CHECK(ProcessProperties(process.handle).json()["ExitCode"] == 1067);
  CHECK(ProcessProperties(asked.handle).json()["ExitCode"] == 5);
}

TEST_CASE("a paused system stands still and loses nothing") {
  TestHost host;
  TestSystem system("paused");
  const StartedProcess process = StartProcess(system.handle(), {{"CommandArgs",
                                                                 {"/bin/sh", "-c",
                                                                  "i=0; while [ $i -lt 2000 ]; do "
                                                                  "i=$((i+1)); echo $i; done"}},
                                                                {"CreateStdOutPipe", true}});
  REQUIRE(process.code == abi::S_OK);
  REQUIRE(Pause(system.handle()) == abi::VMCOMPUTE_OPERATION_PENDING);
  REQUIRE(system.inbox().Await(abi::HcsNotificationSystemPauseCompleted));
  const Json query = {{"PropertyTypes", {"Statistics"}}};
  const auto busy = [&] {
    return Properties(system.handle(), query).json()["Statistics"]["Processor"];
  };
  const Json before = busy();
  CHECK(busy() == before);
  REQUIRE(Resume(system.handle()) == abi::VMCOMPUTE_OPERATION_PENDING);
  std::string expected;
  for (int i = 1; i <= 2000; ++i) expected += std::to_string(i) + "\n";
  CHECK(ReadAll(process.stdout_pipe) == expected);
}

}  // namespace
}  // namespace hcs::emulator::test
