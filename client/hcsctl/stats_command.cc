#include <iostream>
#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "client/hcsctl/commands.h"
#include "client/hcsctl/json_output.h"
#include "client/hcsctl/table.h"
#include "client/hcsctl/terminal.h"
#include "client/hcsctl/text.h"

namespace hcs::ctl {
namespace {

constexpr char kClearScreen[] = "\033[H\033[2J\033[3J";
// Between the two samples that a single figure of processor use needs.
constexpr absl::Duration kShortInterval = absl::Milliseconds(500);

struct StatsOptions {
  std::vector<std::string> ids;
  bool no_stream = false;
  double interval_s = 1;
};

// One container's figures, over time.
struct Watched {
  std::string id;
  std::unique_ptr<client::StatisticsStream> stream;
  std::optional<v1::Statistics> before;
  v1::Statistics now;
};

absl::Duration Between(const google::protobuf::Timestamp& from,
                       const google::protobuf::Timestamp& to) {
  return absl::Seconds(to.seconds() - from.seconds()) +
         absl::Nanoseconds(to.nanos() - from.nanos());
}

// Of one processor: 200 % is two of them.
std::string ProcessorText(const Watched& watched) {
  if (!watched.before) return "-";
  const absl::Duration wall = Between(watched.before->timestamp(), watched.now.timestamp());
  const uint64_t used = watched.now.processor().total_runtime_100ns() -
                        watched.before->processor().total_runtime_100ns();
  if (wall <= absl::ZeroDuration()) return "-";
  return absl::StrFormat("%.1f%%", 100 * absl::FDivDuration(absl::Nanoseconds(100) * used, wall));
}

std::string StatisticsText(const std::vector<Watched>& all) {
  Table table({"ID", "CPU", "MEMORY", "PEAK", "PRIVATE", "READ", "WRITTEN", "UPTIME"});
  for (const Watched& watched : all) {
    const v1::Statistics& now = watched.now;
    const absl::Duration uptime = absl::Nanoseconds(100) * now.uptime_100ns();
    table.AddRow({watched.id, ProcessorText(watched), BytesText(now.memory().usage_commit_bytes()),
                  BytesText(now.memory().usage_commit_peak_bytes()),
                  BytesText(now.memory().usage_private_working_set_bytes()),
                  BytesText(now.storage().read_size_bytes()),
                  BytesText(now.storage().write_size_bytes()),
                  absl::FormatDuration(absl::Trunc(uptime, absl::Seconds(1)))});
  }
  return table.Text();
}

std::string StatisticsJson(const Watched& watched) {
  return WithMember(WithMember("{}", "id", absl::StrCat("\"", watched.id, "\"")), "statistics",
                    ToJson(watched.now));
}

// The next figures of each; containers that have ended are dropped. An error of another
// kind ends it.
absl::Status Advance(std::vector<Watched>& all) {
  std::vector<Watched> going_on;
  for (Watched& watched : all) {
    v1::WatchContainerStatisticsResponse response;
    if (watched.stream->Next(&response)) {
      if (watched.now.has_timestamp()) watched.before = std::move(watched.now);
      watched.now = std::move(*response.mutable_statistics());
      going_on.push_back(std::move(watched));
      continue;
    }
    const absl::Status end = watched.stream->Finish();
    const bool ended = end.ok() || client::IsAlreadyStopped(end) || client::IsHandleClosed(end) ||
                       (watched.now.has_timestamp() && !absl::IsUnavailable(end));
    if (!ended) return end;
  }
  all = std::move(going_on);
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::string>> RunningContainers(const client::Client& client) {
  v1::ContainerFilter filter;
  filter.add_states(v1::CONTAINER_STATE_RUNNING);
  filter.add_states(v1::CONTAINER_STATE_PAUSED);
  const auto containers = client.containers().List(filter);
  if (!containers.ok()) return containers.status();
  std::vector<std::string> ids;
  for (const v1::Container& container : *containers) ids.push_back(container.id());
  return ids;
}

std::vector<Watched> WatchAll(const client::Client& client, const std::vector<std::string>& ids,
                              absl::Duration interval) {
  std::vector<Watched> all;
  all.reserve(ids.size());
  for (const std::string& id : ids) {
    all.push_back({id, client.containers().WatchStatistics(id, interval), std::nullopt, {}});
  }
  return all;
}

// One array as JSON; for people two samples, so that there is a use of the processor.
absl::StatusOr<int> PrintOnce(std::vector<Watched> all, bool json) {
  for (int samples = json ? 1 : 2; samples > 0; --samples) {
    const absl::Status status = Advance(all);
    if (!status.ok()) return status;
  }
  if (!json) {
    std::cout << StatisticsText(all);
    return 0;
  }
  std::vector<std::string> elements;
  elements.reserve(all.size());
  for (const Watched& watched : all) elements.push_back(StatisticsJson(watched));
  std::cout << JsonArray(elements) << '\n';
  return 0;
}

// Until no container is left, or nobody reads any more.
absl::StatusOr<int> PrintForever(std::vector<Watched> all, bool json) {
  while (true) {
    const absl::Status status = Advance(all);
    if (!status.ok()) return status;
    if (all.empty() || !std::cout.good()) return 0;
    if (json) {
      for (const Watched& watched : all) std::cout << StatisticsJson(watched) << '\n';
    } else {
      std::cout << (StdoutIsTerminal() ? kClearScreen : "") << StatisticsText(all);
    }
    std::cout.flush();
  }
}

absl::StatusOr<int> Stats(const StatsOptions& options, const Invocation& invocation) {
  const auto client = invocation.Connect();
  if (!client.ok()) return client.status();
  auto ids = options.ids.empty() ? RunningContainers(*client) : options.ids;
  if (!ids.ok()) return ids.status();
  const absl::Duration interval =
      options.no_stream ? kShortInterval : absl::Seconds(options.interval_s);
  auto all = WatchAll(*client, *ids, interval);
  return options.no_stream ? PrintOnce(std::move(all), invocation.json)
                           : PrintForever(std::move(all), invocation.json);
}

}  // namespace

void AddStatsCommand(CLI::App& app, Invocation& invocation) {
  CLI::App* command = app.add_subcommand(
      "stats", "Show what containers use: those that are named, or those that run now");
  auto options = std::make_shared<StatsOptions>();
  command->add_option("ID", options->ids, "The containers");
  command->add_flag("--no-stream", options->no_stream, "Show it once");
  command->add_option("--interval", options->interval_s, "Between two figures")
      ->type_name("SECONDS")
      ->check(CLI::Range(0.1, 3600.0))
      ->capture_default_str();
  command->callback([options, &invocation] {
    invocation.action = [options, &invocation] { return Stats(*options, invocation); };
  });
}

}  // namespace hcs::ctl
