// A file of the daemon's state that is one message, in JSON. What ReplaceStateFile promises,
// holds for it.

#ifndef HCS_CORE_RUNTIME_STATE_MESSAGE_H_
#define HCS_CORE_RUNTIME_STATE_MESSAGE_H_

#include <filesystem>

#include "absl/status/status.h"
#include "google/protobuf/message.h"

namespace hcs::runtime {

// Fields that are not known are passed over: a newer daemon may have written them. The message
// stays as it is when there is no such file. DATA_LOSS: it is no such message.
absl::Status ReadStateMessage(const std::filesystem::path& path,
                              google::protobuf::Message* message);

absl::Status ReplaceStateMessage(const std::filesystem::path& path,
                                 const google::protobuf::Message& message);

// Puts ".corrupt" at the end of the file's name, and returns that name.
std::filesystem::path SetStateFileAside(const std::filesystem::path& path);

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_STATE_MESSAGE_H_
