// Ctrl-P Ctrl-Q among the keys that go to a process: leave it, and let it run.

#ifndef HCS_CLIENT_HCSCTL_DETACH_KEYS_H_
#define HCS_CLIENT_HCSCTL_DETACH_KEYS_H_

#include <string>

#include "absl/strings/string_view.h"

namespace hcs::ctl {

class DetachKeys {
 public:
  // What of `keys` (and of keys held back before) goes to the process. A Ctrl-P waits for
  // the key after it. Nothing passes once `detached`.
  std::string Pass(absl::string_view keys);

  bool detached() const { return detached_; }

 private:
  bool held_ = false;
  bool detached_ = false;
};

}  // namespace hcs::ctl

#endif  // HCS_CLIENT_HCSCTL_DETACH_KEYS_H_
