#include <algorithm>
#include <atomic>
#include <memory>
#include <string>

#include "absl/synchronization/barrier.h"
#include "absl/synchronization/blocking_counter.h"
#include "grpcpp/support/client_callback.h"
#include "tests/bench/measurement.h"
#include "tests/bench/rows.h"

namespace hcs::bench {
namespace {

constexpr int kStreamsPerConnection = 100;

// Watches a process to its end, counting bytes.
class Watcher final : public grpc::ClientBidiReactor<v1::AttachRequest, v1::AttachResponse> {
 public:
  Watcher(v1::ProcessService::Stub& processes, const std::string& container, uint32_t process,
          absl::BlockingCounter* attached, absl::BlockingCounter* done)
      : attached_(attached), done_(done) {
    request_.mutable_attach()->set_container_id(container);
    request_.mutable_attach()->set_process_id(process);
    processes.async()->Attach(&context_, this);
    StartWrite(&request_);
    StartRead(&response_);
    StartCall();
  }

  int64_t received() const { return received_.load(std::memory_order_relaxed); }
  double finished_at() const { return finished_at_; }
  const grpc::Status& status() const { return status_; }
  void Begin(Clock::time_point start) { start_ = start; }

 private:
  void OnReadDone(bool ok) override {
    if (!ok) return;
    if (response_.has_started()) attached_->DecrementCount();
    received_ += static_cast<int64_t>(response_.stdout().size());
    StartRead(&response_);
  }
  void OnDone(const grpc::Status& status) override {
    status_ = status;
    finished_at_ = SecondsSince(start_);
    done_->DecrementCount();
  }

  absl::BlockingCounter* attached_;
  absl::BlockingCounter* done_;
  grpc::ClientContext context_;
  v1::AttachRequest request_;
  v1::AttachResponse response_;
  std::atomic<int64_t> received_ = 0;
  std::atomic<Clock::time_point> start_ = Clock::now();
  double finished_at_ = 0;
  grpc::Status status_;
};

// A process that writes once its stdin ends.
uint32_t CreateWriter(Servers& servers, int64_t bytes) {
  grpc::ClientContext context;
  v1::CreateProcessRequest request;
  request.set_container_id("streams");
  *request.mutable_config() =
      StartRequest("", "cmd /c \"cat; head -c " + std::to_string(bytes) + " /dev/zero\"", true)
          .start()
          .config();
  v1::CreateProcessResponse response;
  Require(servers.processes().CreateProcess(&context, request, &response), "create the writer");
  return response.process().process_id();
}

void LetWrite(Servers& servers, uint32_t process) {
  grpc::ClientContext context;
  v1::CloseStdinRequest request;
  request.set_container_id("streams");
  request.set_process_id(process);
  v1::CloseStdinResponse response;
  Require(servers.processes().CloseStdin(&context, request, &response), "close stdin");
}

struct Spread {
  double seconds = 0;
  // The first stream's end beside the last's: 1 when none was preferred.
  double fairness = 0;
};

Spread WatchAll(Servers& servers, const Effort& effort) {
  const uint32_t process = CreateWriter(servers, effort.bytes_per_stream);
  absl::BlockingCounter attached(effort.streams), done(effort.streams);
  std::vector<std::unique_ptr<v1::ProcessService::Stub>> stubs;
  std::vector<std::unique_ptr<Watcher>> watchers;
  for (int i = 0; i < effort.streams; ++i) {
    if (i % kStreamsPerConnection == 0) {
      stubs.push_back(v1::ProcessService::NewStub(servers.NewDaemonChannel()));
    }
    watchers.push_back(
        std::make_unique<Watcher>(*stubs.back(), "streams", process, &attached, &done));
  }
  attached.Wait();
  const auto start = Clock::now();
  for (const auto& watcher : watchers) watcher->Begin(start);
  LetWrite(servers, process);
  done.Wait();
  Spread spread{.seconds = SecondsSince(start)};
  double first = spread.seconds;
  for (const auto& watcher : watchers) {
    Require(watcher->status(), "attach");
    Require(watcher->received() == effort.bytes_per_stream, "a stream is not complete");
    first = std::min(first, watcher->finished_at());
  }
  spread.fairness = first / spread.seconds;
  return spread;
}

// Reads with the same API as the watchers do.
class Downloader final : public grpc::ClientReadReactor<Chunk> {
 public:
  Downloader(Ceiling::Stub& ceiling, const DownloadRequest& request) {
    ceiling.async()->Download(&context_, &request, this);
    StartRead(&chunk_);
    StartCall();
  }
  void Wait() { done_.Wait(); }

 private:
  void OnReadDone(bool ok) override {
    if (ok) StartRead(&chunk_);
  }
  void OnDone(const grpc::Status&) override { done_.DecrementCount(); }

  grpc::ClientContext context_;
  Chunk chunk_;
  absl::BlockingCounter done_{1};
};

double DownloadAll(Servers& servers, const Effort& effort) {
  DownloadRequest request;
  request.set_total_bytes(effort.bytes_per_stream * effort.streams);
  request.set_chunk_bytes(64 * 1024);
  const auto start = Clock::now();
  Downloader downloader(servers.ceiling(), request);
  downloader.Wait();
  return SecondsSince(start);
}

}  // namespace

std::vector<Row> ManyStreams(Servers& servers, const Effort& effort) {
  servers.CreateContainer("streams");
  servers.StartContainer("streams");
  const Spread spread = WatchAll(servers, effort);
  const double ceiling = DownloadAll(servers, effort);
  servers.TerminateAll();
  const double megabytes = static_cast<double>(effort.bytes_per_stream * effort.streams) / 1e6;
  const std::string name = std::to_string(effort.streams) + " attached streams";
  return {{.name = name + " (the bytes on one stream)",
           .unit = "MB/s",
           .measured = megabytes / spread.seconds,
           .ceiling = megabytes / ceiling,
           .at_least = 0.8},
          {.name = name + ": first end beside the last",
           .unit = "",
           .measured = spread.fairness,
           .at_least = 0.5}};
}

}  // namespace hcs::bench
