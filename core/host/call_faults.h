// The faults of calls: which call of which function does what.

#ifndef HCS_CORE_HOST_CALL_FAULTS_H_
#define HCS_CORE_HOST_CALL_FAULTS_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "core/abi/vmcompute.h"

namespace hcs::host {

// Thread-safe. See FaultInjection for what each function does.
class CallFaults {
 public:
  using Number = uint64_t;

  CallFaults();

  void Fail(std::string_view function, Number call, abi::HRESULT hresult);
  void Delay(std::string_view function, Number call, absl::Duration delay);
  void Hang(std::string_view function, Number call);
  void Release(std::string_view function);
  bool WaitForHanging(std::string_view function, int count, absl::Duration timeout) const;
  Number calls(std::string_view function) const;
  // Removes every fault and frees every call that hangs or is delayed.
  void Clear();

  // Counts a call of `function`, and hangs and delays it as it is due. The
  // HRESULT with which it has to fail, if it has to.
  std::optional<abi::HRESULT> Enter(std::string_view function);

 private:
  struct Failure {
    Number call;
    abi::HRESULT hresult;
  };
  struct Delayed {
    Number call;
    absl::Duration delay;
  };
  struct Function {
    Number calls = 0;
    int hanging = 0;
    // Grows with every release: a call hangs while it is what it was.
    uint64_t releases = 0;
    std::vector<Failure> failures;
    std::vector<Delayed> delays;
    std::vector<Number> hangs;
  };

  Function& Of(std::string_view function) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  const Function& Of(std::string_view function) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void HangIfDue(Function& function, Number call) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void DelayIfDue(Function& function, Number call) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable absl::Mutex mutex_;
  // Every export of the table, by name; entries stay where they are.
  std::map<std::string_view, Function> functions_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace hcs::host

#endif  // HCS_CORE_HOST_CALL_FAULTS_H_
