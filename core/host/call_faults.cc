#include "core/host/call_faults.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "core/host/fault_injection.h"

namespace hcs::host {
namespace {

bool Applies(CallFaults::Number fault, CallFaults::Number call) {
  return fault == FaultInjection::kEvery || fault == call;
}

[[noreturn]] void DieOfUnknown(std::string_view function) {
  std::fprintf(stderr, "fault injection: vmcompute.dll has no export %.*s\n",
               static_cast<int>(function.size()), function.data());
  std::abort();
}

}  // namespace

CallFaults::CallFaults() {
#define HCS_ADD_FUNCTION(name, parameters) functions_[#name];
  HCS_VMCOMPUTE_EXPORTS(HCS_ADD_FUNCTION)
#undef HCS_ADD_FUNCTION
}

const CallFaults::Function& CallFaults::Of(std::string_view function) const {
  const auto found = functions_.find(function);
  if (found == functions_.end()) DieOfUnknown(function);
  return found->second;
}

CallFaults::Function& CallFaults::Of(std::string_view function) {
  const auto found = functions_.find(function);
  if (found == functions_.end()) DieOfUnknown(function);
  return found->second;
}

void CallFaults::Fail(std::string_view function, Number call, abi::HRESULT hresult) {
  absl::MutexLock lock(&mutex_);
  Of(function).failures.push_back({call, hresult});
}

void CallFaults::Delay(std::string_view function, Number call, absl::Duration delay) {
  absl::MutexLock lock(&mutex_);
  Of(function).delays.push_back({call, delay});
}

void CallFaults::Hang(std::string_view function, Number call) {
  absl::MutexLock lock(&mutex_);
  Of(function).hangs.push_back(call);
}

void CallFaults::Release(std::string_view function) {
  absl::MutexLock lock(&mutex_);
  Function& released = Of(function);
  released.hangs.clear();
  ++released.releases;
}

bool CallFaults::WaitForHanging(std::string_view function, int count,
                                absl::Duration timeout) const {
  absl::MutexLock lock(&mutex_);
  const Function& waited_for = Of(function);
  const auto hang = [&] { return waited_for.hanging >= count; };
  return mutex_.AwaitWithTimeout(absl::Condition(&hang), timeout);
}

CallFaults::Number CallFaults::calls(std::string_view function) const {
  absl::MutexLock lock(&mutex_);
  return Of(function).calls;
}

void CallFaults::Clear() {
  absl::MutexLock lock(&mutex_);
  for (auto& [name, function] : functions_) {
    function.failures.clear();
    function.delays.clear();
    function.hangs.clear();
    ++function.releases;
  }
}

std::optional<abi::HRESULT> CallFaults::Enter(std::string_view function) {
  absl::MutexLock lock(&mutex_);
  Function& entered = Of(function);
  const Number call = ++entered.calls;
  const auto failure =
      std::find_if(entered.failures.begin(), entered.failures.end(),
                   [&](const Failure& fault) { return Applies(fault.call, call); });
  const std::optional<abi::HRESULT> outcome =
      failure == entered.failures.end() ? std::nullopt : std::optional(failure->hresult);
  HangIfDue(entered, call);
  DelayIfDue(entered, call);
  return outcome;
}

void CallFaults::HangIfDue(Function& function, Number call) {
  const bool due = std::any_of(function.hangs.begin(), function.hangs.end(),
                               [&](Number hang) { return Applies(hang, call); });
  if (!due) return;
  ++function.hanging;
  const auto released = [&function, before = function.releases] {
    return function.releases != before;
  };
  mutex_.Await(absl::Condition(&released));
  --function.hanging;
}

void CallFaults::DelayIfDue(Function& function, Number call) {
  absl::Duration delay;
  for (const Delayed& fault : function.delays) {
    if (Applies(fault.call, call)) delay += fault.delay;
  }
  if (delay == absl::ZeroDuration()) return;
  // Release() is for what hangs: Clear() alone cuts a delay short.
  const auto cleared = [&function] { return function.delays.empty(); };
  mutex_.AwaitWithTimeout(absl::Condition(&cleared), delay);
}

}  // namespace hcs::host
