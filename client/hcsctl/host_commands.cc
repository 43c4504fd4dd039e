#include <iostream>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/hcsctl/commands.h"
#include "client/hcsctl/json_output.h"
#include "client/hcsctl/table.h"
#include "client/hcsctl/text.h"

namespace hcs::ctl {
namespace {

using Rows = std::vector<std::pair<std::string, std::string>>;

// "name   value", a line each.
std::string RowsText(const Rows& rows) {
  Table table({rows.front().first, Printable(rows.front().second)});
  for (size_t i = 1; i < rows.size(); ++i) table.AddRow({rows[i].first, rows[i].second});
  return table.Text();
}

std::string InfoText(const v1::GetHostInfoResponse& info) {
  const std::string schemas = absl::StrJoin(
      info.schema_versions(), ", ", [](std::string* out, const v1::SchemaVersion& version) {
        absl::StrAppend(out, version.major(), ".", version.minor());
      });
  return RowsText({{"host", info.host_kind()},
                   {"build", absl::StrCat(info.build_number())},
                   {"TP4", info.is_tp4() ? "yes" : "no"},
                   {"schemas", schemas},
                   {"isolation", info.isolation()},
                   {"  because", info.isolation_reason()},
                   {"not enforced", absl::StrJoin(info.not_enforced(), ", ")},
                   {"missing exports", absl::StrJoin(info.missing_exports(), ", ")},
                   {"operating system", info.operating_system()},
                   {"daemon", info.daemon_version()},
                   {"daemon started", AgeText(info.daemon_start_time())}});
}

std::string DurationText(const google::protobuf::Duration& duration) {
  return absl::FormatDuration(absl::Seconds(duration.seconds()) +
                              absl::Milliseconds(duration.nanos() / 1'000'000));
}

std::string DiagnosticsText(const v1::GetDiagnosticsResponse& diagnostics) {
  std::string text =
      RowsText({{"uptime", DurationText(diagnostics.uptime())},
                {"memory", BytesText(diagnostics.resident_bytes())},
                {"containers", absl::StrCat(diagnostics.containers())},
                {"processes", absl::StrCat(diagnostics.processes())},
                {"attached streams", absl::StrCat(diagnostics.attached_streams())},
                {"event watchers", absl::StrCat(diagnostics.event_watchers())},
                {"last event", absl::StrCat(diagnostics.last_event_sequence())},
                {"call threads", absl::StrCat(diagnostics.call_threads())},
                {"calls that wait", absl::StrCat(diagnostics.queued_calls())},
                {"calls in flight", absl::StrCat(diagnostics.calls_in_flight_size())}});
  if (diagnostics.calls_in_flight().empty()) return text;
  Table calls({"FUNCTION", "OBJECT", "AGE"});
  for (const v1::HostCall& call : diagnostics.calls_in_flight()) {
    calls.AddRow({call.function(), call.object(), DurationText(call.age())});
  }
  return absl::StrCat(text, "\n", calls.Text());
}

// A command that asks the host one thing and prints the answer.
template <typename Response>
void AddQuery(CLI::App& app, Invocation& invocation, const std::string& name,
              const std::string& description,
              absl::StatusOr<Response> (client::Host::*query)(const client::CallOptions&) const,
              std::string (*to_text)(const Response&)) {
  CLI::App* command = app.add_subcommand(name, description);
  command->callback([query, to_text, &invocation] {
    invocation.action = [query, to_text, &invocation]() -> absl::StatusOr<int> {
      const auto client = invocation.Connect();
      if (!client.ok()) return client.status();
      const auto response = (client->host().*query)({});
      if (!response.ok()) return response.status();
      std::cout << (invocation.json ? ToJson(*response) + "\n" : to_text(*response));
      return 0;
    };
  });
}

}  // namespace

void AddHostCommands(CLI::App& app, Invocation& invocation) {
  CLI::App* host = app.add_subcommand("host", "The host under the daemon, and the daemon itself");
  host->require_subcommand(1);
  AddQuery(*host, invocation, "info", "What the host is and can do", &client::Host::GetInfo,
           InfoText);
  AddQuery(*host, invocation, "diagnose",
           "What the daemon is doing right now: calls of the host, streams, memory",
           &client::Host::GetDiagnostics, DiagnosticsText);
}

}  // namespace hcs::ctl
