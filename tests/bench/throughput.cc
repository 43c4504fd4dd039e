#include <algorithm>
#include <string>

#include "tests/bench/measurement.h"
#include "tests/bench/rows.h"

namespace hcs::bench {
namespace {

constexpr int kTurns = 3;
constexpr int64_t kStdinChunk = 64 * 1024;
constexpr int64_t kRelayChunk = 256 * 1024;  // As large as hcsd's.
constexpr double kMb = 1e6;

struct Transfer {
  double seconds = 0;
  int64_t messages = 0;
};

std::string Producer(int64_t bytes) { return "head -c " + std::to_string(bytes) + " /dev/zero"; }

// `head` writes, the daemon streams, this client counts.
Transfer ReadStdout(Servers& servers, int64_t bytes) {
  grpc::ClientContext context;
  const auto stream = servers.processes().Exec(&context);
  const auto start = Clock::now();
  stream->Write(StartRequest("throughput", Producer(bytes), false));
  Transfer transfer;
  int64_t received = 0;
  for (v1::ExecResponse response; stream->Read(&response);) {
    if (!response.has_stdout()) continue;
    received += static_cast<int64_t>(response.stdout().size());
    ++transfer.messages;
  }
  Require(stream->Finish(), "exec of head");
  Require(received == bytes, "stdout is not complete");
  transfer.seconds = SecondsSince(start);
  return transfer;
}

double Download(Servers& servers, int64_t bytes, int64_t chunk) {
  grpc::ClientContext context;
  DownloadRequest request;
  request.set_total_bytes(bytes);
  request.set_chunk_bytes(chunk);
  const auto start = Clock::now();
  const auto stream = servers.ceiling().Download(&context, request);
  for (Chunk message; stream->Read(&message);) {
  }
  Require(stream->Finish(), "download");
  return SecondsSince(start);
}

// The same process' output through a server that does nothing but read and write.
double Relay(Servers& servers, int64_t bytes) {
  grpc::ClientContext context;
  RelayRequest request;
  request.set_command(Producer(bytes));
  request.set_chunk_bytes(kRelayChunk);
  const auto start = Clock::now();
  const auto stream = servers.ceiling().Relay(&context, request);
  int64_t received = 0;
  for (Chunk message; stream->Read(&message);) {
    received += static_cast<int64_t>(message.data().size());
  }
  Require(stream->Finish(), "relay");
  Require(received == bytes, "the relay is not complete");
  return SecondsSince(start);
}

double WriteStdin(Servers& servers, int64_t bytes) {
  grpc::ClientContext context;
  const auto stream = servers.processes().Exec(&context);
  const auto start = Clock::now();
  stream->Write(StartRequest("throughput", "cmd /c \"cat >/dev/null\"", true));
  v1::ExecRequest chunk;
  chunk.set_stdin(std::string(kStdinChunk, 'x'));
  for (int64_t sent = 0; sent < bytes; sent += kStdinChunk) stream->Write(chunk);
  stream->WritesDone();
  bool exited = false;
  for (v1::ExecResponse response; stream->Read(&response);) exited |= response.has_exited();
  Require(stream->Finish(), "exec of cat");
  Require(exited, "cat did not exit");
  return SecondsSince(start);
}

double Upload(Servers& servers, int64_t bytes) {
  grpc::ClientContext context;
  UploadResponse response;
  const auto start = Clock::now();
  const auto stream = servers.ceiling().Upload(&context, &response);
  Chunk chunk;
  chunk.set_data(std::string(kStdinChunk, 'x'));
  for (int64_t sent = 0; sent < bytes; sent += kStdinChunk) stream->Write(chunk);
  stream->WritesDone();
  Require(stream->Finish(), "upload");
  return SecondsSince(start);
}

Row ThroughputRow(const std::string& name, int64_t bytes, const Samples& measured,
                  const Samples& ceiling) {
  return {.name = name,
          .unit = "MB/s",
          .measured = static_cast<double>(bytes) / kMb / measured.Percentile(0.5),
          .ceiling = static_cast<double>(bytes) / kMb / ceiling.Percentile(0.5),
          .at_least = 0.9};
}

}  // namespace

std::vector<Row> StdoutThroughput(Servers& servers, const Effort& effort) {
  servers.CreateContainer("throughput");
  servers.StartContainer("throughput");
  Samples measured, ceiling, relay;
  int64_t chunk = 0;
  for (int turn = 0; turn < kTurns; ++turn) {
    const Transfer transfer = ReadStdout(servers, effort.stream_bytes);
    measured.Add(transfer.seconds);
    chunk = effort.stream_bytes / std::max<int64_t>(transfer.messages, 1);
    ceiling.Add(Download(servers, effort.stream_bytes, chunk));
    relay.Add(Relay(servers, effort.stream_bytes));
  }
  servers.TerminateAll();
  return {ThroughputRow("stdout, chunks of " + std::to_string(chunk) + " (a bare stream)",
                        effort.stream_bytes, measured, ceiling),
          ThroughputRow("stdout (a bare relay of the same process' pipe)", effort.stream_bytes,
                        measured, relay)};
}

std::vector<Row> StdinThroughput(Servers& servers, const Effort& effort) {
  servers.CreateContainer("throughput");
  servers.StartContainer("throughput");
  Samples measured, ceiling;
  for (int turn = 0; turn < kTurns; ++turn) {
    measured.Add(WriteStdin(servers, effort.stream_bytes));
    ceiling.Add(Upload(servers, effort.stream_bytes));
  }
  servers.TerminateAll();
  return {ThroughputRow("stdin, chunks of " + std::to_string(kStdinChunk) + " (a bare stream)",
                        effort.stream_bytes, measured, ceiling)};
}

}  // namespace hcs::bench
