// Calls in bytes, for what no generated stub would send.

#ifndef HCS_TESTS_INTEGRATION_RAW_CALL_H_
#define HCS_TESTS_INTEGRATION_RAW_CALL_H_

#include <memory>
#include <string>
#include <vector>

#include "grpcpp/channel.h"
#include "grpcpp/support/status.h"

namespace hcs::integration {

struct RawAnswer {
  std::vector<std::string> messages;
  grpc::Status status;
};

// Sends the messages, half-closes, and reads to the end. `method` is such as
// "/hcs.v1.HostService/GetHostInfo".
RawAnswer RawCall(const std::shared_ptr<grpc::Channel>& channel, const std::string& method,
                  const std::vector<std::string>& messages);

}  // namespace hcs::integration

#endif  // HCS_TESTS_INTEGRATION_RAW_CALL_H_
