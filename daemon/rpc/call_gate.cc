#include "daemon/rpc/call_gate.h"

namespace hcs::rpc {

bool CallGate::Enter(OpenCall* call, Span span) {
  absl::MutexLock lock(&mutex_);
  if (closed_) return false;
  calls_.emplace(call, span);
  return true;
}

void CallGate::Leave(OpenCall* call) {
  absl::MutexLock lock(&mutex_);
  calls_.erase(call);
}

grpc::Status CallGate::Refusal() {
  return grpc::Status(grpc::StatusCode::UNAVAILABLE, "hcsd is stopping");
}

void CallGate::Close() {
  absl::MutexLock lock(&mutex_);
  closed_ = true;
  for (const auto& [call, span] : calls_) {
    if (span == Span::kEndless) call->End(Refusal());
  }
}

bool CallGate::WaitUntilEmpty(absl::Duration timeout) {
  absl::MutexLock lock(&mutex_);
  const auto empty = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return calls_.empty(); };
  return mutex_.AwaitWithTimeout(absl::Condition(&empty), timeout);
}

void CallGate::EndAll() {
  absl::MutexLock lock(&mutex_);
  for (const auto& [call, span] : calls_) call->End(Refusal());
}

size_t CallGate::size() const {
  absl::MutexLock lock(&mutex_);
  return calls_.size();
}

}  // namespace hcs::rpc
