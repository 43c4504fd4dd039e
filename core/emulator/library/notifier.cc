#include "core/emulator/library/notifier.h"

#include <algorithm>
#include <utility>

#include "core/platform/unicode.h"

namespace hcs::emulator {

Notifier::Notifier(size_t threads) {
  for (size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { Run(); });
}

Notifier::~Notifier() { Stop(); }

void Notifier::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  work_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

void Notifier::Post(const std::shared_ptr<Registration>& registration, Notification notification) {
  const std::lock_guard lock(mutex_);
  if (registration->ended_ || stopping_) return;
  if (notification.group) ++notification.group->unheard_;
  registration->waiting_.push_back(std::move(notification));
  if (registration->running_ || registration->waiting_.size() > 1) return;
  ready_.push_back(registration);
  work_.notify_one();
}

void Notifier::End(const std::shared_ptr<Registration>& registration) {
  std::unique_lock lock(mutex_);
  registration->ended_ = true;
  for (const Notification& dropped : registration->waiting_) Settle(dropped);
  registration->waiting_.clear();
  if (registration->running_ && registration->running_on_ == std::this_thread::get_id()) return;
  idle_.wait(lock, [&] { return !registration->running_; });
}

void Notifier::Run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    auto next = ready_.end();
    work_.wait(lock, [&] { return stopping_ || (next = NextReady()) != ready_.end(); });
    if (stopping_) return;
    const std::shared_ptr<Registration> registration = std::move(*next);
    ready_.erase(next);
    if (!registration->waiting_.empty()) RunOne(&lock, registration);
  }
}

Notifier::Ready::iterator Notifier::NextReady() {
  return std::ranges::find_if(ready_, [](const std::shared_ptr<Registration>& registration) {
    if (registration->waiting_.empty()) return true;
    const auto& after = registration->waiting_.front().after;
    return after == nullptr || after->unheard_ == 0;
  });
}

void Notifier::Settle(const Notification& notification) {
  if (notification.group && --notification.group->unheard_ == 0) work_.notify_all();
}

void Notifier::RunOne(std::unique_lock<std::mutex>* lock,
                      const std::shared_ptr<Registration>& registration) {
  const Notification notification = std::move(registration->waiting_.front());
  registration->waiting_.pop_front();
  registration->running_ = true;
  registration->running_on_ = std::this_thread::get_id();
  lock->unlock();
  const std::u16string data = platform::Utf8ToUtf16(notification.data);
  registration->callback_(notification.type, registration->context_, notification.status,
                          data.empty() ? nullptr : data.c_str());
  lock->lock();
  registration->running_ = false;
  Settle(notification);
  if (!registration->waiting_.empty()) {
    ready_.push_back(registration);
    work_.notify_one();
  }
  idle_.notify_all();
}

}  // namespace hcs::emulator
