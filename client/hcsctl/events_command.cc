#include <iostream>
#include <memory>

#include "absl/strings/str_cat.h"
#include "client/hcsctl/commands.h"
#include "client/hcsctl/event_text.h"
#include "client/hcsctl/json_output.h"

namespace hcs::ctl {
namespace {

struct EventsOptions {
  std::string since;
  std::vector<std::string> filters;
  bool no_follow = false;
};

bool IsBefore(const v1::Event& event, absl::Time time) {
  return absl::FromUnixSeconds(event.time().seconds()) + absl::Nanoseconds(event.time().nanos()) <
         time;
}

// False when nobody reads any more.
bool Print(const v1::WatchEventsResponse& response, absl::Time since, bool json) {
  if (response.has_event() && IsBefore(response.event(), since)) return true;
  if (json) {
    std::cout << ToJson(response) << std::endl;
  } else if (response.has_event()) {
    std::cout << EventText(response.event()) << std::endl;
  } else if (response.has_lost()) {
    PrintNotice(LostText(response.lost()));
  }
  return std::cout.good();
}

absl::StatusOr<int> Watch(const EventsOptions& options, const Invocation& invocation) {
  const auto filter = ParseEventFilter(options.filters);
  if (!filter.ok()) return filter.status();
  // Without following, what has happened is all that there is.
  const std::string from_now_on = options.no_follow ? "all" : "";
  const std::string& text = options.since.empty() ? from_now_on : options.since;
  const auto since = text.empty() ? EventsSince() : ParseEventsSince(text);
  if (!since.ok()) return since.status();
  const auto client = invocation.Connect();
  if (!client.ok()) return client.status();

  v1::WatchEventsRequest request;
  request.set_after_sequence(since->after_sequence);
  *request.mutable_filter() = *filter;
  request.set_no_follow(options.no_follow);
  const auto events = client->events().Watch(request);
  v1::WatchEventsResponse response;
  while (events->Next(&response)) {
    if (!Print(response, since->time, invocation.json)) return 0;
  }
  const absl::Status end = events->Finish();
  if (!end.ok()) return end;
  return 0;
}

}  // namespace

void AddEventsCommand(CLI::App& app, Invocation& invocation) {
  CLI::App* command =
      app.add_subcommand("events", "Tell what happens to containers and processes, as it happens");
  auto options = std::make_shared<EventsOptions>();
  command
      ->add_option("--since", options->since,
                   "Also what happened after a sequence, since a time or so long ago, or \"all\"")
      ->type_name("SEQUENCE|TIME|DURATION|all");
  command
      ->add_option("--filter", options->filters,
                   "type=TYPE, container=ID, image=ID, layer=PATH, network=ID, endpoint=ID or "
                   "owner=NAME; may repeat")
      ->type_name("CONDITION")
      ->allow_extra_args(false);
  command->add_flag("--no-follow", options->no_follow, "End with what has happened so far");
  command->callback([options, &invocation] {
    invocation.action = [options, &invocation] { return Watch(*options, invocation); };
  });
}

}  // namespace hcs::ctl
