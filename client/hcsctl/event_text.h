// Events as people read them, and as people ask for them.

#ifndef HCS_CLIENT_HCSCTL_EVENT_TEXT_H_
#define HCS_CLIENT_HCSCTL_EVENT_TEXT_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "hcs/v1/event_service.pb.h"

namespace hcs::ctl {

// "process-exited".
std::string EventTypeText(v1::EventType type);

// One line, without its end: time, sequence, type, object, details.
std::string EventText(const v1::Event& event);
std::string LostText(const v1::EventsLost& lost);

// "type=TYPE", "container=ID" and "owner=NAME". INVALID_ARGUMENT for others.
absl::StatusOr<v1::EventFilter> ParseEventFilter(const std::vector<std::string>& conditions);

// Where to begin: after a sequence, or with the events since a time.
struct EventsSince {
  uint64_t after_sequence = 0;
  absl::Time time = absl::InfinitePast();
};

// A sequence; "all"; how long ago ("90s", "1h30m"); or a time of RFC 3339.
absl::StatusOr<EventsSince> ParseEventsSince(const std::string& text);

}  // namespace hcs::ctl

#endif  // HCS_CLIENT_HCSCTL_EVENT_TEXT_H_
