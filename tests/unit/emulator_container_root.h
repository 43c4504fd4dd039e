// A container's root file system made of busybox, and systems that have it.

#ifndef HCS_TESTS_UNIT_EMULATOR_CONTAINER_ROOT_H_
#define HCS_TESTS_UNIT_EMULATOR_CONTAINER_ROOT_H_

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/unit/emulator_test_host.h"

namespace hcs::emulator::test {

// True when this machine makes containers with namespaces and has a static busybox; else
// says what is missing, and the test has to end.
bool CanIsolate(TestHost& host);

// Makes the folder a root with /bin/sh and its like, and the accounts root, app (1000)
// and nobody.
void FillWithBusybox(const std::string& folder);

// Such a root, in a plain folder.
class BusyboxRoot {
 public:
  BusyboxRoot();

  const std::string& path() const { return folder_.path(); }
  std::string File(const std::string& name) const { return path() + name; }
  std::vector<std::string> Names() const;  // In the root itself, sorted.

  // A system of schema 1 with this root, and `more`.
  Json Document(const Json& more = Json::object()) const;

 private:
  TemporaryFolder folder_;
};

// How a command of the container's shell ended, and what it wrote.
struct Ended {
  uint32_t exit_code = 0;
  std::string output;
  std::string errors;
};
Ended RunShell(abi::HCS_SYSTEM system, const std::string& command,
               const Json& more = Json::object());

// The control groups of the machine whose paths have `part` in them.
std::vector<std::string> CgroupFolders(const std::string& part);

// The folder of a living system below the host's state, and its worker's process id.
std::string SystemFolder(const TestHost& host, const std::string& id);
pid_t WorkerOf(const TestHost& host, const std::string& id);

}  // namespace hcs::emulator::test

#endif  // HCS_TESTS_UNIT_EMULATOR_CONTAINER_ROOT_H_
