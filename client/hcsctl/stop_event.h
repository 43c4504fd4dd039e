// Tells threads that wait for input or output to stop.

#ifndef HCS_CLIENT_HCSCTL_STOP_EVENT_H_
#define HCS_CLIENT_HCSCTL_STOP_EVENT_H_

namespace hcs::ctl {

// Thread-safe. Once set, it stays so.
class StopEvent {
 public:
  StopEvent();
  ~StopEvent();
  StopEvent(const StopEvent&) = delete;
  StopEvent& operator=(const StopEvent&) = delete;

  void Set();
  bool IsSet() const;

  // What a wait of the operating system takes: readable once the event is set.
  int handle() const { return read_end_; }

 private:
  int read_end_;
  int write_end_;
};

}  // namespace hcs::ctl

#endif  // HCS_CLIENT_HCSCTL_STOP_EVENT_H_
