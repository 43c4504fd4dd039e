#include <algorithm>

#include "tests/bench/measurement.h"
#include "tests/bench/rows.h"

namespace hcs::bench {
namespace {

// Calls of one kind before it is the other's turn.
constexpr int kTurn = 200;

void Echo(Servers& servers, const EchoRequest& request) {
  grpc::ClientContext context;
  EchoResponse response;
  Require(servers.ceiling().Echo(&context, request, &response), "echo");
}

}  // namespace

std::vector<Row> UnaryLatency(Servers& servers, const Effort& effort) {
  servers.CreateContainer("latency");
  EchoRequest echo;
  echo.set_payload(std::string(servers.GetContainer("latency").ByteSizeLong(), 'x'));
  Samples get_times, echo_times;
  for (int done = -kTurn; done < effort.unary_calls; done += kTurn) {
    const bool warming = done < 0;
    for (int i = 0; i < kTurn; ++i) {
      const auto get = [&] { servers.GetContainer("latency"); };
      warming ? get() : get_times.Time(get);
    }
    for (int i = 0; i < kTurn; ++i) {
      const auto call = [&] { Echo(servers, echo); };
      warming ? call() : echo_times.Time(call);
    }
  }
  servers.TerminateAll();
  const auto row = [&](const char* name, double fraction, double aim) {
    return Row{.name = name,
               .unit = "us",
               .measured = get_times.Percentile(fraction) * 1e6,
               .ceiling = echo_times.Percentile(fraction) * 1e6,
               .at_most = aim};
  };
  return {row("GetContainer, p50 (an empty echo)", 0.5, 1.15),
          row("GetContainer, p99 (an empty echo)", 0.99, 1.5)};
}

}  // namespace hcs::bench
