// What the operating system tells hcsctl while it runs a process for its user.

#ifndef HCS_CLIENT_HCSCTL_SIGNALS_H_
#define HCS_CLIENT_HCSCTL_SIGNALS_H_

#include <functional>
#include <thread>

namespace hcs::ctl {

enum class Signal {
  kInterrupt,     // Ctrl-C.
  kTerminate,     // hcsctl is to end.
  kHangUp,        // The terminal is gone.
  kWindowChange,  // The terminal has another size.
};

// What a shell reports of a program that `signal` ended: 128 and its number.
int ExitCodeOf(Signal signal);

// While it lives, signals end in `handler`, on one thread of this object's own, instead
// of doing what they do by default. A signal that was ignored before stays ignored.
// There is one at a time.
class SignalListener {
 public:
  explicit SignalListener(std::function<void(Signal)> handler);
  ~SignalListener();
  SignalListener(const SignalListener&) = delete;
  SignalListener& operator=(const SignalListener&) = delete;

 private:
  void Listen();

  std::function<void(Signal)> handler_;
  std::thread thread_;
};

}  // namespace hcs::ctl

#endif  // HCS_CLIENT_HCSCTL_SIGNALS_H_
