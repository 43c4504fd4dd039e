// The table's calls with C++'s strings and lifetimes: what every case is written in.

#ifndef HCS_TESTS_CONFORMANCE_SESSION_H_
#define HCS_TESTS_CONFORMANCE_SESSION_H_

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "core/abi/hresult.h"
#include "core/abi/vmcompute.h"
#include "tests/conformance/host_under_test.h"
#include "tests/conformance/pipe.h"

namespace hcs::conformance {

using Json = nlohmann::json;

// No case that passes waits for it.
inline constexpr std::chrono::seconds kDeadline{60};

// An HRESULT that prints by its name. VMCOMPUTE_ and HCS_E_ codes of one meaning
// (0xC037xxxx and 0x8037xxxx) are equal: which one comes depends on the build.
class Code {
 public:
  Code(abi::HRESULT value) : value_(value) {}
  bool operator==(const Code& other) const { return Family(value_) == Family(other.value_); }
  bool ok() const { return value_ == abi::S_OK; }
  bool pending() const { return abi::IsPending(value_); }
  bool IsOneOf(std::initializer_list<abi::HRESULT> codes) const;
  friend std::ostream& operator<<(std::ostream& stream, const Code& code);

 private:
  static uint32_t Family(abi::HRESULT value);
  abi::HRESULT value_;
};

// A call's outcome: its code, its own out string, and the result document.
struct Answer {
  Code code = abi::S_OK;
  std::string text;
  std::string result;

  Json json() const { return Json::parse(text); }
};

const abi::HcsFunctionTable& Table();
std::u16string Wide(const std::string& text);

// An id that no other run uses.
std::string UniqueId(const std::string& name);

// Repeats `condition` until it holds; false at the deadline.
bool Eventually(const std::function<bool()>& condition);

struct Notification {
  uint32_t type;
  Code status;
  std::string data;
  uint64_t sequence;  // Counted over all registrations, as the callbacks were entered.
};

// A registration and what has arrived on it.
class Registration {
 public:
  static std::unique_ptr<Registration> On(abi::HCS_SYSTEM system);
  static std::unique_ptr<Registration> On(abi::HCS_PROCESS process);
  ~Registration() { Unregister(); }

  Registration(const Registration&) = delete;
  Registration& operator=(const Registration&) = delete;

  // Fails the case at the deadline.
  Notification Await(uint32_t type);
  size_t Count(uint32_t type) const;
  std::vector<Notification> All() const;

  // No callback may start or still run after it; ArrivedLate tells.
  void Unregister();
  bool ArrivedLate() const;

 private:
  explicit Registration(bool of_system) : of_system_(of_system) {}
  static void Callback(uint32_t type, void* context, abi::HRESULT status, abi::PCWSTR data);

  const bool of_system_;
  abi::HCS_CALLBACK handle_ = nullptr;
  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<Notification> notifications_;
  bool unregistered_ = false;
  bool arrived_late_ = false;
};

class Process;

// A compute system's handle, registered. Closed at the end; what Create made is terminated
// before, if it is still there.
class System {
 public:
  static Answer TryCreate(const std::string& id, const std::string& document,
                          std::unique_ptr<System>* system);
  static Answer TryOpen(const std::string& id, std::unique_ptr<System>* system);

  // These must succeed; creation and start are awaited. `fields` go into the host's
  // container document.
  static std::unique_ptr<System> Create(const std::string& id, const Json& fields = {});
  static std::unique_ptr<System> CreateRunning(const std::string& id, const Json& fields = {});
  static std::unique_ptr<System> Open(const std::string& id);

  ~System();
  System(const System&) = delete;
  System& operator=(const System&) = delete;

  const std::string& id() const { return id_; }
  abi::HCS_SYSTEM handle() const { return handle_; }
  Registration& registration() { return *registration_; }

  // The calls alone.
  Code Start();
  Code Pause();
  Code Resume();
  Code Shutdown();
  Code Terminate();
  Answer Properties(const Json& query = Json::object());

  // A call and, if it is pending, its one completion: the outcome.
  Code Finish(Code called, uint32_t completion);
  void TerminateAndAwait();
  std::string State();

  Answer TryRun(const Json& parameters, std::unique_ptr<Process>* process);
  std::unique_ptr<Process> Run(const std::string& command_line, const Json& fields = {});
  Answer TryOpenProcess(uint32_t process_id, std::unique_ptr<Process>* process);

  void Close();  // And unregisters.

 private:
  System(std::string id, abi::HCS_SYSTEM handle, bool owned);

  const std::string id_;
  abi::HCS_SYSTEM handle_;
  const bool owned_;
  std::unique_ptr<Registration> registration_;
};

// A process' handle, registered, with the pipes that came with it.
class Process {
 public:
  Process(abi::HCS_PROCESS handle, const abi::HcsProcessInformation& information);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  abi::HCS_PROCESS handle() const { return handle_; }
  uint32_t id() const { return id_; }
  Registration& registration() { return *registration_; }

  Answer Properties();
  Code Terminate();
  Answer Modify(const Json& settings);
  bool HasExited();
  uint32_t AwaitExit();  // The exit code.

  Pipe in;
  Pipe out;
  Pipe err;

 private:
  abi::HCS_PROCESS handle_;
  uint32_t id_;
  std::unique_ptr<Registration> registration_;
};

Answer Enumerate(const Json& query = Json::object());
bool IsEnumerated(const std::string& id);

}  // namespace hcs::conformance

#endif  // HCS_TESTS_CONFORMANCE_SESSION_H_
