// Who calls.

#ifndef HCS_DAEMON_TRANSPORT_CALLER_H_
#define HCS_DAEMON_TRANSPORT_CALLER_H_

#include <string>

namespace hcs::transport {

struct Caller {
  // What rights and request ids hang on: "uid:1000", or "anonymous" for a
  // transport that does not tell.
  std::string name;
  // For logs alone: the client's process or address.
  std::string origin;
};

}  // namespace hcs::transport

#endif  // HCS_DAEMON_TRANSPORT_CALLER_H_
