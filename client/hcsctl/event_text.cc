#include "client/hcsctl/event_text.h"

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "client/hcsctl/image_text.h"
#include "client/hcsctl/process_options.h"
#include "client/hcsctl/text.h"

namespace hcs::ctl {
namespace {

constexpr absl::string_view kTypePrefix = "EVENT_TYPE_";
// The journal from its beginning: see WatchEventsRequest.
constexpr uint64_t kAll = 1;

absl::StatusOr<v1::EventType> ParseType(const std::string& text) {
  v1::EventType type = v1::EVENT_TYPE_UNSPECIFIED;
  const std::string name =
      absl::StrCat(kTypePrefix, absl::AsciiStrToUpper(absl::StrReplaceAll(text, {{"-", "_"}})));
  if (v1::EventType_Parse(name, &type) && type != v1::EVENT_TYPE_UNSPECIFIED) return type;
  std::string known;
  for (int i = 1; i <= v1::EventType_MAX; ++i) {
    if (!v1::EventType_IsValid(i)) continue;
    absl::StrAppend(&known, " ", EventTypeText(static_cast<v1::EventType>(i)));
  }
  return absl::InvalidArgumentError(
      absl::StrCat("events: --filter type=", text, ": a type is one of", known));
}

// "web (ID)" of the innermost of HNS' objects that a network event is about.
std::string NetworkObject(const v1::Event& event) {
  for (const std::string& id :
       {event.endpoint_id(), event.namespace_id(), event.load_balancer_id(), event.network_id()}) {
    if (id.empty()) continue;
    return event.object_name().empty() ? id : absl::StrCat(event.object_name(), " (", id, ")");
  }
  return "";
}

std::string Details(const v1::Event& event) {
  std::string details;
  if (event.has_container_exit()) {
    const v1::ContainerExit& exit = event.container_exit();
    absl::StrAppend(&details, exit.exit_type());
    if (exit.status() != 0) absl::StrAppend(&details, " ", exit.status_name());
  }
  if (event.has_process_exit()) {
    const v1::ProcessExit& exit = event.process_exit();
    absl::StrAppend(&details, exit.unknown() ? "exit code unknown"
                                             : absl::StrCat("exit code ", exit.exit_code()));
  }
  if (event.has_layer_progress()) {
    const v1::LayerProgress& progress = event.layer_progress();
    absl::StrAppend(&details, progress.operation(), " ",
                    BytesText(static_cast<uint64_t>(progress.bytes())));
    if (progress.has_total_bytes()) {
      absl::StrAppend(&details, " of ", BytesText(static_cast<uint64_t>(progress.total_bytes())));
    }
    absl::StrAppend(&details, ", ", progress.entries(), " entries");
  }
  absl::StrAppend(&details, event.notification(), FamiliarName(event.image_reference()));
  const std::string network = NetworkObject(event);
  if (!network.empty()) absl::StrAppend(&details, details.empty() ? "" : " ", network);
  return details;
}

}  // namespace

std::string EventTypeText(v1::EventType type) {
  const std::string& name = v1::EventType_Name(type);
  // What a newer daemon may send.
  if (name.size() <= kTypePrefix.size()) return absl::StrCat(static_cast<int>(type));
  return absl::StrReplaceAll(absl::AsciiStrToLower(name.substr(kTypePrefix.size())), {{"_", "-"}});
}

std::string EventText(const v1::Event& event) {
  std::string object = event.layer_path().empty() ? event.container_id() : event.layer_path();
  if (event.process_id() != 0) absl::StrAppend(&object, ":", event.process_id());
  if (!event.image_id().empty()) object = ShortId(event.image_id());
  std::string line = absl::StrCat(TimeText(event.time()), "  ", event.sequence(), "  ",
                                  EventTypeText(event.type()));
  for (const std::string& part : {object, Details(event)}) {
    if (!part.empty()) absl::StrAppend(&line, "  ", Printable(part));
  }
  return line;
}

std::string LostText(const v1::EventsLost& lost) {
  return absl::StrCat("events ", lost.from_sequence(), " to ", lost.to_sequence(),
                      " cannot be told any more");
}

absl::StatusOr<v1::EventFilter> ParseEventFilter(const std::vector<std::string>& conditions) {
  v1::EventFilter filter;
  for (const std::string& condition : conditions) {
    const auto pair = ParsePair("events: --filter", condition);
    if (!pair.ok()) return pair.status();
    const auto& [key, value] = *pair;
    if (key == "type") {
      const auto type = ParseType(value);
      if (!type.ok()) return type.status();
      filter.add_types(*type);
    } else if (key == "container") {
      filter.add_container_ids(value);
    } else if (key == "layer") {
      filter.add_layer_paths(value);
    } else if (key == "image") {
      filter.add_image_ids(value);
    } else if (key == "owner") {
      filter.set_owner(value);
    } else if (key == "network") {
      filter.add_network_ids(value);
    } else if (key == "endpoint") {
      filter.add_endpoint_ids(value);
    } else {
      return absl::InvalidArgumentError(absl::StrCat(
          "events: --filter ", condition,
          ": a condition is type=TYPE, container=ID, image=ID, layer=PATH, network=ID, "
          "endpoint=ID or owner=NAME"));
    }
  }
  return filter;
}

absl::StatusOr<EventsSince> ParseEventsSince(const std::string& text) {
  EventsSince since;
  absl::Duration ago;
  if (absl::SimpleAtoi(text, &since.after_sequence)) {
    // 0 would mean "from now on".
    since.after_sequence = std::max(since.after_sequence, kAll);
  } else if (absl::ParseDuration(text, &ago)) {
    since = {kAll, absl::Now() - ago};
  } else if (text == "all" || absl::ParseTime(absl::RFC3339_full, text, &since.time, nullptr)) {
    since.after_sequence = kAll;
  } else {
    return absl::InvalidArgumentError(
        absl::StrCat("events: --since ", text,
                     ": it is a sequence, \"all\", how long ago (90s, 1h30m), or a time such as "
                     "2026-01-31T12:00:00Z"));
  }
  return since;
}

}  // namespace hcs::ctl
