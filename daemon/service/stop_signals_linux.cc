#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <csignal>

#include "core/platform/pipe_write.h"
#include "daemon/service/stop_signals.h"

namespace hcs::service {

StopSignals::StopSignals() : cancelled_(eventfd(0, EFD_CLOEXEC)) {
  sigset_t stopping;
  sigemptyset(&stopping);
  sigaddset(&stopping, SIGTERM);
  sigaddset(&stopping, SIGINT);
  pthread_sigmask(SIG_BLOCK, &stopping, nullptr);
  signals_.reset(signalfd(-1, &stopping, SFD_CLOEXEC));
  std::signal(SIGHUP, SIG_IGN);
  platform::IgnoreBrokenPipes();
}

std::optional<int> StopSignals::Wait() {
  std::array<pollfd, 2> waited{
      {{.fd = cancelled_.get(), .events = POLLIN}, {.fd = signals_.get(), .events = POLLIN}}};
  while (true) {
    poll(waited.data(), waited.size(), -1);
    if (waited[0].revents != 0) return std::nullopt;
    signalfd_siginfo received{};
    if (read(signals_.get(), &received, sizeof(received)) == sizeof(received)) {
      return static_cast<int>(received.ssi_signo);
    }
  }
}

void StopSignals::Cancel() { eventfd_write(cancelled_.get(), 1); }

void RaiseDescriptorLimit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace hcs::service
