#include "tests/unit/emulator_test_host.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <thread>
#include <utility>

#include "core/platform/unicode.h"

namespace hcs::emulator::test {
namespace {

using platform::UniqueFd;

UniqueFd TakeHandle(abi::HANDLE handle) {
  const auto number = static_cast<int>(reinterpret_cast<intptr_t>(handle));
  return UniqueFd(number == 0 ? -1 : number);
}

void TakeInformation(const abi::HcsProcessInformation& information, StartedProcess* process) {
  process->process_id = information.ProcessId;
  process->stdin_pipe = TakeHandle(information.StdInput);
  process->stdout_pipe = TakeHandle(information.StdOutput);
  process->stderr_pipe = TakeHandle(information.StdError);
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
  std::string path = std::filesystem::temp_directory_path() / "hcsd-test-XXXXXX";
  REQUIRE(mkdtemp(path.data()) != nullptr);
  path_ = path;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

void Inbox::Callback(uint32_t type, void* context, abi::HRESULT status, abi::PCWSTR data) {
  auto* inbox = static_cast<Inbox*>(context);
  const std::string text = data == nullptr ? "null" : platform::Utf16ToUtf8(data);
  const std::lock_guard lock(inbox->mutex_);
  inbox->notifications_.push_back({type, status, Json::parse(text)});
  inbox->arrived_.notify_all();
}

std::optional<Notification> Inbox::Await(uint32_t type) {
  std::unique_lock lock(mutex_);
  std::optional<Notification> found;
  arrived_.wait_for(lock, kDeadline, [&] {
    for (const Notification& notification : notifications_) {
      if (notification.type == type) found = notification;
    }
    return found.has_value();
  });
  return found;
}

std::vector<Notification> Inbox::All() const {
  const std::lock_guard lock(mutex_);
  return notifications_;
}

size_t Inbox::Count(uint32_t type) const {
  const std::vector<Notification> all = All();
  return static_cast<size_t>(std::count_if(
      all.begin(), all.end(), [type](const Notification& entry) { return entry.type == type; }));
}

bool Eventually(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + kDeadline;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

std::string TakeText(abi::PWSTR text) {
  if (text == nullptr) return {};
  std::string utf8 = platform::Utf16ToUtf8(text);
  Table().CoTaskMemFree(text);
  return utf8;
}

std::u16string Wide(const std::string& text) { return platform::Utf8ToUtf16(text); }

std::string ReadAll(const UniqueFd& pipe) {
  std::string text;
  std::array<char, 65536> buffer;
  ssize_t size = 0;
  while ((size = read(pipe.get(), buffer.data(), buffer.size())) > 0) {
    text.append(buffer.data(), static_cast<size_t>(size));
  }
  return text;
}

bool WriteAll(const UniqueFd& pipe, const std::string& text) {
  size_t done = 0;
  while (done < text.size()) {
    const ssize_t size = write(pipe.get(), text.data() + done, text.size() - done);
    if (size < 0) return false;
    done += static_cast<size_t>(size);
  }
  return true;
}

const abi::HcsFunctionTable& Table() { return EmulatedHost::table(); }

Answer Enumerate(const Json& query) {
  Answer answer;
  abi::PWSTR systems = nullptr;
  abi::PWSTR result = nullptr;
  answer.code = Table().HcsEnumerateComputeSystems(Wide(query.dump()).c_str(), &systems, &result);
  answer.text = TakeText(systems);
  answer.result = TakeText(result);
  return answer;
}

Answer Create(const std::string& id, const std::string& configuration, abi::HCS_SYSTEM* system) {
  Answer answer;
  abi::PWSTR result = nullptr;
  answer.code = Table().HcsCreateComputeSystem(Wide(id).c_str(), Wide(configuration).c_str(),
                                               nullptr, system, &result);
  answer.result = TakeText(result);
  return answer;
}

Answer Open(const std::string& id, abi::HCS_SYSTEM* system) {
  Answer answer;
  abi::PWSTR result = nullptr;
  answer.code = Table().HcsOpenComputeSystem(Wide(id).c_str(), system, &result);
  answer.result = TakeText(result);
  return answer;
}

Answer Properties(abi::HCS_SYSTEM system, const Json& query) {
  Answer answer;
  abi::PWSTR properties = nullptr;
  abi::PWSTR result = nullptr;
  answer.code = Table().HcsGetComputeSystemProperties(system, Wide(query.dump()).c_str(),
                                                      &properties, &result);
  answer.text = TakeText(properties);
  answer.result = TakeText(result);
  return answer;
}

Answer ProcessProperties(abi::HCS_PROCESS process) {
  Answer answer;
  abi::PWSTR properties = nullptr;
  abi::PWSTR result = nullptr;
  answer.code = Table().HcsGetProcessProperties(process, &properties, &result);
  answer.text = TakeText(properties);
  answer.result = TakeText(result);
  return answer;
}

StartedProcess StartProcess(abi::HCS_SYSTEM system, const Json& parameters) {
  StartedProcess process;
  abi::HcsProcessInformation information{};
  abi::PWSTR result = nullptr;
  process.code = Table().HcsCreateProcess(system, Wide(parameters.dump()).c_str(), &information,
                                          &process.handle, &result);
  process.result = TakeText(result);
  TakeInformation(information, &process);
  return process;
}

StartedProcess ProcessInformation(abi::HCS_PROCESS handle) {
  StartedProcess process;
  abi::HcsProcessInformation information{};
  process.code = Table().HcsGetProcessInfo(handle, &information, nullptr);
  TakeInformation(information, &process);
  return process;
}

TestSystem::TestSystem(const std::string& id, Json configuration, bool start) {
  if (configuration.empty()) configuration = {{"SystemType", "Container"}, {"Owner", "test"}};
  const Answer created = Create(id, configuration.dump(), &handle_);
  INFO(created.result);
  REQUIRE(abi::IsPending(created.code));
  REQUIRE(Table().HcsRegisterComputeSystemCallback(handle_, Inbox::Callback, &inbox_,
                                                   &registration_) == abi::S_OK);
  const auto completed = inbox_.Await(abi::HcsNotificationSystemCreateCompleted);
  REQUIRE(completed);
  REQUIRE(completed->status == abi::S_OK);
  if (!start) return;
  REQUIRE(abi::IsPending(Table().HcsStartComputeSystem(handle_, u"", nullptr)));
  REQUIRE(inbox_.Await(abi::HcsNotificationSystemStartCompleted));
}

TestSystem::~TestSystem() {
  if (handle_ == nullptr) return;
  const abi::HRESULT terminated = Table().HcsTerminateComputeSystem(handle_, u"", nullptr);
  if (abi::IsPending(terminated)) inbox_.Await(abi::HcsNotificationSystemExited);
  Table().HcsUnregisterComputeSystemCallback(registration_);
  Table().HcsCloseComputeSystem(handle_);
}

void TestSystem::Terminate() {
  REQUIRE(abi::IsPending(Table().HcsTerminateComputeSystem(handle_, u"", nullptr)));
  REQUIRE(inbox_.Await(abi::HcsNotificationSystemExited));
}

void TestSystem::Close() {
  CHECK(Table().HcsUnregisterComputeSystemCallback(registration_) == abi::S_OK);
  CHECK(Table().HcsCloseComputeSystem(std::exchange(handle_, nullptr)) == abi::S_OK);
}

TestHost::TestHost(EmulatedHost::Options options) : options_(std::move(options)) {
  options_.state_folder = folder_.path() + "/state";
  options_.worker_path = HCS_TEST_WORKER;
  Restart();
}

void TestHost::Restart() {
  host_.reset();
  auto made = EmulatedHost::Create(options_);
  if (const auto* error = std::get_if<std::string>(&made)) FAIL(*error);
  host_ = std::get<std::unique_ptr<EmulatedHost>>(std::move(made));
}

}  // namespace hcs::emulator::test
