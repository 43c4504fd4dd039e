#include "tests/bench/ceiling_server.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <memory>
#include <string>

#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server_builder.h"
#include "tests/bench/ceiling.grpc.pb.h"

namespace hcs::bench {
namespace {

class Downloading final : public grpc::ServerWriteReactor<Chunk> {
 public:
  explicit Downloading(const DownloadRequest& request) : left_(request.total_bytes()) {
    chunk_.set_data(std::string(request.chunk_bytes(), 'x'));
    Next();
  }

 private:
  void Next() {
    if (left_ <= 0) return Finish(grpc::Status::OK);
    left_ -= static_cast<int64_t>(chunk_.data().size());
    StartWrite(&chunk_);
  }
  void OnWriteDone(bool ok) override { ok ? Next() : Finish(grpc::Status::CANCELLED); }
  void OnDone() override { delete this; }

  int64_t left_;
  Chunk chunk_;
};

// The shortest way from a pipe to a stream: read, write, and read again.
class Relaying final : public grpc::ServerWriteReactor<Chunk> {
 public:
  explicit Relaying(const RelayRequest& request)
      : command_(popen(request.command().c_str(), "r")), buffer_(request.chunk_bytes(), '\0') {
    if (command_ == nullptr) {
      Finish({grpc::StatusCode::INTERNAL, "popen"});
      return;
    }
    fcntl(fileno(command_), F_SETPIPE_SZ, kPipeBytes);
    Next();
  }
  ~Relaying() override {
    if (command_ != nullptr) pclose(command_);
  }

 private:
  static constexpr int kPipeBytes = 1 << 20;  // As hcsd's.

  void Next() {
    const ssize_t size = read(fileno(command_), buffer_.data(), buffer_.size());
    if (size <= 0) return Finish(grpc::Status::OK);
    chunk_.mutable_data()->assign(buffer_.data(), size);
    StartWrite(&chunk_);
  }
  void OnWriteDone(bool ok) override { ok ? Next() : Finish(grpc::Status::CANCELLED); }
  void OnDone() override { delete this; }

  FILE* const command_;
  std::string buffer_;
  Chunk chunk_;
};

class Uploading final : public grpc::ServerReadReactor<Chunk> {
 public:
  explicit Uploading(UploadResponse* response) : response_(response) { StartRead(&chunk_); }

 private:
  void OnReadDone(bool ok) override {
    if (!ok) {
      response_->set_received_bytes(received_);
      return Finish(grpc::Status::OK);
    }
    received_ += static_cast<int64_t>(chunk_.data().size());
    StartRead(&chunk_);
  }
  void OnDone() override { delete this; }

  UploadResponse* response_;
  int64_t received_ = 0;
  Chunk chunk_;
};

class Exchanging final : public grpc::ServerBidiReactor<Chunk, Chunk> {
 public:
  Exchanging() { StartRead(&chunk_); }

 private:
  void OnReadDone(bool ok) override { ok ? StartWrite(&chunk_) : Finish(grpc::Status::OK); }
  void OnWriteDone(bool) override { Finish(grpc::Status::OK); }
  void OnDone() override { delete this; }

  Chunk chunk_;
};

class CeilingService final : public Ceiling::CallbackService {
  grpc::ServerUnaryReactor* Echo(grpc::CallbackServerContext* context, const EchoRequest* request,
                                 EchoResponse* response) override {
    response->set_payload(request->payload());
    auto* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }
  grpc::ServerWriteReactor<Chunk>* Download(grpc::CallbackServerContext*,
                                            const DownloadRequest* request) override {
    return std::make_unique<Downloading>(*request).release();
  }
  grpc::ServerWriteReactor<Chunk>* Relay(grpc::CallbackServerContext*,
                                         const RelayRequest* request) override {
    return std::make_unique<Relaying>(*request).release();
  }
  grpc::ServerReadReactor<Chunk>* Upload(grpc::CallbackServerContext*,
                                         UploadResponse* response) override {
    return std::make_unique<Uploading>(response).release();
  }
  grpc::ServerBidiReactor<Chunk, Chunk>* Exchange(grpc::CallbackServerContext*) override {
    return std::make_unique<Exchanging>().release();
  }
};

}  // namespace

int ServeCeiling(const std::string& address) {
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &stop, nullptr);
  CeilingService service;
  grpc::ServerBuilder builder;
  builder.SetMaxReceiveMessageSize(-1);
  builder.AddListeningPort(address, grpc::InsecureServerCredentials());
  builder.RegisterService(&service);
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr) return 1;
  std::puts("ready");
  std::fflush(stdout);
  int received = 0;
  sigwait(&stop, &received);
  return 0;
}

}  // namespace hcs::bench
