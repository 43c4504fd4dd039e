// Text as people read it on a terminal.

#ifndef HCS_CLIENT_HCSCTL_TEXT_H_
#define HCS_CLIENT_HCSCTL_TEXT_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "google/protobuf/timestamp.pb.h"
#include "hcs/v1/container_service.pb.h"

namespace hcs::ctl {

// Control characters as \n, \t or \xNN: what a daemon or a container says cannot steer
// the terminal, and a line stays one.
std::string Printable(absl::string_view text);

// "1.5 GiB".
std::string BytesText(uint64_t bytes);

// "2 minutes ago"; "-" for a time that is not set.
std::string AgeText(const google::protobuf::Timestamp& time);

// RFC 3339 with milliseconds, UTC; "-" for a time that is not set.
std::string TimeText(const google::protobuf::Timestamp& time);

// "running".
std::string StateText(v1::ContainerState state);

}  // namespace hcs::ctl

#endif  // HCS_CLIENT_HCSCTL_TEXT_H_
