// Documents of the host's own that a command takes from a file.

#ifndef HCS_CLIENT_HCSCTL_DOCUMENT_FILE_H_
#define HCS_CLIENT_HCSCTL_DOCUMENT_FILE_H_

#include <string>

#include "absl/status/statusor.h"

namespace hcs::ctl {

// What is in the file, or on stdin for "-". NOT_FOUND, which begins with `command`.
absl::StatusOr<std::string> ReadDocument(const std::string& command, const std::string& path);

}  // namespace hcs::ctl

#endif  // HCS_CLIENT_HCSCTL_DOCUMENT_FILE_H_
