// A table whose every answer a test chooses, for what a real host does rarely or
// never. What a host normally does is tested on the emulated one.

#ifndef HCS_TESTS_UNIT_HOST_FAKE_TABLE_H_
#define HCS_TESTS_UNIT_HOST_FAKE_TABLE_H_

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/abi/hresult.h"
#include "core/abi/vmcompute.h"

namespace hcs::host {

// One at a time in a process. The functions of a system, a process and the
// service are there; those of layers are missing.
class FakeTable {
 public:
  // What a function does and gives. By default it succeeds, with the text "{}".
  struct Answer {
    abi::HRESULT hresult = abi::S_OK;
    std::optional<std::u16string> out = u"{}";
    std::optional<std::u16string> result;
    bool gives_handle = true;
    // Runs in the call, on the caller's thread.
    std::function<void()> during;
  };

  FakeTable();
  ~FakeTable();

  FakeTable(const FakeTable&) = delete;
  FakeTable& operator=(const FakeTable&) = delete;

  // May be changed until the first call.
  abi::HcsFunctionTable table;

  void SetAnswer(const std::string& function, Answer answer);
  // "HcsOpenComputeSystem(web)": the calls so far, with their texts.
  std::vector<std::string> calls() const;
  int count(const std::string& function) const;

  // Calls every registration's callback, on this thread.
  void Notify(uint32_t type, abi::HRESULT status, const char16_t* data);
  // The same, whether or not it has been unregistered since.
  void NotifyLate(uint32_t type);
  size_t registrations() const;

  // Pipe handles for HcsCreateProcess and HcsGetProcessInfo.
  abi::HcsProcessInformation information{};

  // Strings given out and not freed.
  int texts_alive() const { return texts_alive_; }

  // For the table's functions.
  static FakeTable& Instance();
  Answer Record(const std::string& function, const std::string& arguments);
  abi::PWSTR GiveText(const std::optional<std::u16string>& text);
  void FreeText(void* text);
  abi::HCS_CALLBACK AddRegistration(abi::HcsNotificationCallback callback, void* context);
  void RemoveRegistration(abi::HCS_CALLBACK registration);

 private:
  struct Registration {
    abi::HcsNotificationCallback callback;
    void* context;
    bool alive;
  };

  mutable std::mutex mutex_;
  std::map<std::string, Answer> answers_;
  std::vector<std::string> calls_;
  std::vector<Registration> registrations_;
  std::atomic<int> texts_alive_ = 0;
};

}  // namespace hcs::host

#endif  // HCS_TESTS_UNIT_HOST_FAKE_TABLE_H_
