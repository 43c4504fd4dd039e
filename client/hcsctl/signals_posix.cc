#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <system_error>
#include <utility>

#include "client/hcsctl/signals.h"

namespace hcs::ctl {
namespace {

struct Entry {
  int number;
  Signal signal;
};

constexpr std::array<Entry, 4> kSignals = {{
    {SIGINT, Signal::kInterrupt},
    {SIGTERM, Signal::kTerminate},
    {SIGHUP, Signal::kHangUp},
    {SIGWINCH, Signal::kWindowChange},
}};

// Through this pipe the handler, which may do hardly anything, hands signals to the
// listener's thread, a byte each; 0 ends it.
int read_end = -1;
std::atomic<int> write_end = -1;
std::array<struct sigaction, kSignals.size()> saved_actions;

void Send(unsigned char byte) {
  [[maybe_unused]] const ssize_t written = write(write_end, &byte, 1);
}

extern "C" void HandleSignal(int number) {
  const int saved_errno = errno;
  Send(static_cast<unsigned char>(number));
  errno = saved_errno;
}

}  // namespace

int ExitCodeOf(Signal signal) {
  for (const Entry& entry : kSignals) {
    if (entry.signal == signal) return 128 + entry.number;
  }
  return 128;
}

SignalListener::SignalListener(std::function<void(Signal)> handler) : handler_(std::move(handler)) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) {
    throw std::system_error(errno, std::generic_category(), "pipe");
  }
  read_end = ends[0];
  write_end = ends[1];
  thread_ = std::thread([this] { Listen(); });
  struct sigaction action {};
  action.sa_handler = HandleSignal;
  action.sa_flags = SA_RESTART;
  for (size_t i = 0; i < kSignals.size(); ++i) {
    sigaction(kSignals[i].number, nullptr, &saved_actions[i]);
    if (saved_actions[i].sa_handler != SIG_IGN) sigaction(kSignals[i].number, &action, nullptr);
  }
}

SignalListener::~SignalListener() {
  for (size_t i = 0; i < kSignals.size(); ++i) {
    sigaction(kSignals[i].number, &saved_actions[i], nullptr);
  }
  Send(0);
  thread_.join();
  close(write_end.exchange(-1));
  close(std::exchange(read_end, -1));
}

void SignalListener::Listen() {
  unsigned char byte = 0;
  while (true) {
    const ssize_t count = read(read_end, &byte, 1);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0 || byte == 0) return;
    for (const Entry& entry : kSignals) {
      if (entry.number == byte) handler_(entry.signal);
    }
  }
}

}  // namespace hcs::ctl
