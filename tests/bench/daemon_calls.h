// The daemon that is measured, and the calls that every row needs.

#ifndef HCS_TESTS_BENCH_DAEMON_CALLS_H_
#define HCS_TESTS_BENCH_DAEMON_CALLS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "grpcpp/channel.h"
#include "grpcpp/support/status.h"
#include "hcs/v1/container_service.grpc.pb.h"
#include "hcs/v1/process_service.grpc.pb.h"
#include "tests/bench/ceiling.grpc.pb.h"
#include "tests/bench/child_process.h"

namespace hcs::bench {

// Throws std::runtime_error that says what failed.
void Require(const grpc::Status& status, const std::string& what);
void Require(bool condition, const std::string& what);

// Both servers, each a process of its own that listens on a Unix socket.
class Servers {
 public:
  // `program` is this one: it serves the ceiling, too.
  explicit Servers(const std::string& program);
  // Ends the containers, too.
  ~Servers();

  std::shared_ptr<grpc::Channel> NewDaemonChannel() const;
  std::shared_ptr<grpc::Channel> NewCeilingChannel() const;
  const ChildProcess& daemon() const { return daemon_; }
  v1::ContainerService::Stub& containers() { return *containers_; }
  v1::ProcessService::Stub& processes() { return *processes_; }
  Ceiling::Stub& ceiling() { return *ceiling_; }

  void CreateContainer(const std::string& id);
  void StartContainer(const std::string& id);
  void TerminateAll();
  v1::GetContainerResponse GetContainer(const std::string& id);
  // Every container, by pages of 1000; the number of them.
  int64_t ListContainers();

 private:
  ScratchFolder folder_;
  ChildProcess daemon_;
  ChildProcess ceiling_process_;
  std::unique_ptr<v1::ContainerService::Stub> containers_;
  std::unique_ptr<v1::ProcessService::Stub> processes_;
  std::unique_ptr<Ceiling::Stub> ceiling_;
};

// The first message of an Exec.
v1::ExecRequest StartRequest(const std::string& container, const std::string& command_line,
                             bool with_stdin);

}  // namespace hcs::bench

#endif  // HCS_TESTS_BENCH_DAEMON_CALLS_H_
