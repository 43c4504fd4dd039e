// An emulated host with a state folder of its own, and the few steps that nearly
// every test of it takes.

#ifndef HCS_TESTS_UNIT_EMULATOR_TEST_HOST_H_
#define HCS_TESTS_UNIT_EMULATOR_TEST_HOST_H_

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/abi/hresult.h"
#include "core/abi/vmcompute.h"
#include "core/emulator/emulated_host.h"
#include "core/platform/unique_fd.h"

namespace hcs::emulator::test {

using Json = nlohmann::json;

// Long enough for a loaded machine; no test that passes waits for it.
inline constexpr std::chrono::seconds kDeadline{60};

// A folder that is removed with everything in it.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

struct Notification {
  uint32_t type;
  abi::HRESULT status;
  Json data;
};

// Collects the notifications of one registration.
class Inbox {
 public:
  static void Callback(uint32_t type, void* context, abi::HRESULT status, abi::PCWSTR data);

  // The first notification of `type` that has come or comes; nullopt at the deadline.
  std::optional<Notification> Await(uint32_t type);
  std::vector<Notification> All() const;
  size_t Count(uint32_t type) const;

 private:
  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<Notification> notifications_;
};

// Repeats `condition` until it holds; false at the deadline.
bool Eventually(const std::function<bool()>& condition);

// The out string of a call, freed by the table's own function.
std::string TakeText(abi::PWSTR text);
std::u16string Wide(const std::string& text);

struct Answer {
  abi::HRESULT code = 0;
  std::string text;    // The call's own out string.
  std::string result;  // The result document.

  Json json() const { return Json::parse(text); }
};

// What a process was given, and its handle.
struct StartedProcess {
  abi::HRESULT code = 0;
  std::string result;
  abi::HCS_PROCESS handle = nullptr;
  uint32_t process_id = 0;
  platform::UniqueFd stdin_pipe;
  platform::UniqueFd stdout_pipe;
  platform::UniqueFd stderr_pipe;
};

// Everything until the end of the stream.
std::string ReadAll(const platform::UniqueFd& pipe);
bool WriteAll(const platform::UniqueFd& pipe, const std::string& text);

// The table's functions with the strings of C++.
const abi::HcsFunctionTable& Table();
Answer Enumerate(const Json& query = Json::object());
Answer Create(const std::string& id, const std::string& configuration, abi::HCS_SYSTEM* system);
Answer Open(const std::string& id, abi::HCS_SYSTEM* system);
Answer Properties(abi::HCS_SYSTEM system, const Json& query = Json::object());
Answer ProcessProperties(abi::HCS_PROCESS process);
StartedProcess StartProcess(abi::HCS_SYSTEM system, const Json& parameters);
StartedProcess ProcessInformation(abi::HCS_PROCESS process);

// A system that has been created and, unless asked otherwise, started; closed and, if it
// still runs, terminated at the end of the test.
class TestSystem {
 public:
  explicit TestSystem(const std::string& id, Json configuration = Json::object(),
                      bool start = true);
  ~TestSystem();

  abi::HCS_SYSTEM handle() const { return handle_; }
  Inbox& inbox() { return inbox_; }
  void Terminate();  // Waits for SystemExited.
  void Close();

 private:
  abi::HCS_SYSTEM handle_ = nullptr;
  abi::HCS_CALLBACK registration_ = nullptr;
  Inbox inbox_;
};

// The host itself.
class TestHost {
 public:
  explicit TestHost(EmulatedHost::Options options = {});

  const std::string& state_folder() const { return options_.state_folder; }
  EmulatedHost& host() { return *host_; }
  void Restart();  // Destroys the host and makes another one with the same state.

 private:
  TemporaryFolder folder_;
  EmulatedHost::Options options_;
  std::unique_ptr<EmulatedHost> host_;
};

}  // namespace hcs::emulator::test

#endif  // HCS_TESTS_UNIT_EMULATOR_TEST_HOST_H_
