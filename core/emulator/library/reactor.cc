#include "core/emulator/library/reactor.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <utility>

namespace hcs::emulator {
namespace {

constexpr Reactor::Token kStopToken = 0;

epoll_event Interest(Reactor::Token token, bool writing) {
  epoll_event event{};
  event.events = EPOLLIN | (writing ? EPOLLOUT : 0u);
  event.data.u64 = token;
  return event;
}

}  // namespace

Reactor::Reactor() : epoll_(epoll_create1(EPOLL_CLOEXEC)), stop_(eventfd(0, EFD_CLOEXEC)) {
  epoll_event event = Interest(kStopToken, false);
  epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, stop_.get(), &event);
  thread_ = std::thread([this] { Run(); });
}

Reactor::~Reactor() { Stop(); }

void Reactor::Stop() {
  eventfd_write(stop_.get(), 1);
  if (thread_.joinable()) thread_.join();
}

Reactor::Token Reactor::Add(int fd, std::weak_ptr<SocketWatcher> watcher) {
  const std::lock_guard lock(mutex_);
  const Token token = next_token_++;
  watchers_.emplace(token, std::move(watcher));
  epoll_event event = Interest(token, false);
  if (epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) == 0) return token;
  watchers_.erase(token);
  return 0;
}

void Reactor::WatchWriting(Token token, int fd, bool watch) {
  epoll_event event = Interest(token, watch);
  epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, fd, &event);
}

void Reactor::Remove(Token token, int fd) {
  epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr);
  const std::lock_guard lock(mutex_);
  watchers_.erase(token);
}

std::shared_ptr<SocketWatcher> Reactor::Find(Token token) {
  const std::lock_guard lock(mutex_);
  const auto found = watchers_.find(token);
  return found == watchers_.end() ? nullptr : found->second.lock();
}

void Reactor::Run() {
  constexpr int kEventsAtOnce = 64;
  std::array<epoll_event, kEventsAtOnce> events;
  for (;;) {
    const int count = epoll_wait(epoll_.get(), events.data(), kEventsAtOnce, -1);
    for (int i = 0; i < count; ++i) {
      const epoll_event& event = events[static_cast<size_t>(i)];
      if (event.data.u64 == kStopToken) return;
      const std::shared_ptr<SocketWatcher> watcher = Find(event.data.u64);
      if (watcher == nullptr) continue;
      watcher->OnSocketReady((event.events & ~static_cast<uint32_t>(EPOLLOUT)) != 0,
                             (event.events & EPOLLOUT) != 0);
    }
  }
}

}  // namespace hcs::emulator
