// Whether the host has done what it was asked for.

#ifndef HCS_CORE_HOST_COMPLETION_H_
#define HCS_CORE_HOST_COMPLETION_H_

namespace hcs::host {

enum class Completion {
  kDone,
  // Accepted: exactly one notification with the outcome follows. For shutdown
  // and terminate, that is SystemExited.
  kPending,
};

}  // namespace hcs::host

#endif  // HCS_CORE_HOST_COMPLETION_H_
