#include "tests/bench/measurement.h"
#include "tests/bench/rows.h"

namespace hcs::bench {
namespace {

void Exec(Servers& servers) {
  grpc::ClientContext context;
  const auto stream = servers.processes().Exec(&context);
  stream->Write(StartRequest("exec", "/bin/true", false));
  bool exited = false;
  for (v1::ExecResponse response; stream->Read(&response);) exited |= response.has_exited();
  Require(stream->Finish(), "exec");
  Require(exited, "the process did not exit");
}

void Exchange(Servers& servers) {
  grpc::ClientContext context;
  const auto stream = servers.ceiling().Exchange(&context);
  Chunk chunk;
  chunk.set_data(std::string(64, 'x'));
  stream->Write(chunk);
  while (stream->Read(&chunk)) {
  }
  Require(stream->Finish(), "exchange");
}

}  // namespace

std::vector<Row> ExecLatency(Servers& servers, const Effort& effort) {
  servers.CreateContainer("exec");
  servers.StartContainer("exec");
  Exec(servers);
  Samples execs, ceilings;
  for (int i = 0; i < effort.execs; ++i) {
    execs.Time([&] { Exec(servers); });
    ceilings.Time([&] {
      SpawnAndWait();
      Exchange(servers);
    });
  }
  servers.TerminateAll();
  return {{.name = "Exec of /bin/true, p50 (spawn, wait, a bare stream)",
           .unit = "us",
           .measured = execs.Percentile(0.5) * 1e6,
           .ceiling = ceilings.Percentile(0.5) * 1e6,
           .at_most = 1.5}};
}

}  // namespace hcs::bench
