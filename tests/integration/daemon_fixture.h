// A real hcsd, in a state folder of its own.

#ifndef HCS_TESTS_INTEGRATION_DAEMON_FIXTURE_H_
#define HCS_TESTS_INTEGRATION_DAEMON_FIXTURE_H_

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "grpcpp/channel.h"
#include "hcs/v1/container_service.grpc.pb.h"
#include "hcs/v1/event_service.grpc.pb.h"
#include "hcs/v1/host_service.grpc.pb.h"
#include "hcs/v1/process_service.grpc.pb.h"

namespace hcs::integration {

// How a program that was run ended, and what it wrote.
struct ProgramResult {
  int exit_code = -1;
  std::string stdout_text;
  std::string stderr_text;
};

// Runs hcsd with these arguments until it ends.
ProgramResult RunHcsd(const std::vector<std::string>& arguments);

// Listens on a Unix socket and on a loopback port. Failures end the test.
class Daemon {
 public:
  // `flags` are given to every start.
  explicit Daemon(std::vector<std::string> flags = {});

  // Terminates the containers, stops the daemon, kills what is left all the same
  // and removes the folder.
  ~Daemon();

  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;

  void Start();
  // Sends a signal; the daemon may still run when this returns.
  void Signal(int signal);
  // Waits for its end: the exit code, or 128 + the signal that killed it.
  int WaitForExit();

  const std::string& folder() const { return folder_; }
  std::string state() const { return folder_ + "/state"; }
  std::string socket() const { return folder_ + "/hcsd.sock"; }
  pid_t pid() const { return pid_; }
  // gRPC's names of the two listeners.
  std::string unix_target() const { return "unix:" + socket(); }
  const std::string& tcp_target() const { return tcp_target_; }
  // What the daemon has logged so far.
  std::string log() const;

  // A connection of its own to the Unix socket.
  std::shared_ptr<grpc::Channel> NewChannel() const;
  // To the same, shared by the stubs below and renewed by Start().
  std::shared_ptr<grpc::Channel> channel() const { return channel_; }

  v1::ContainerService::Stub& containers() { return *containers_; }
  v1::ProcessService::Stub& processes() { return *processes_; }
  v1::EventService::Stub& events() { return *events_; }
  v1::HostService::Stub& host() { return *host_; }

 private:
  void ReadReadyLine(int output);
  void TerminateContainers();

  const std::vector<std::string> flags_;
  std::string folder_;
  std::string tcp_target_;
  pid_t pid_ = -1;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::ContainerService::Stub> containers_;
  std::unique_ptr<v1::ProcessService::Stub> processes_;
  std::unique_ptr<v1::EventService::Stub> events_;
  std::unique_ptr<v1::HostService::Stub> host_;
};

}  // namespace hcs::integration

#endif  // HCS_TESTS_INTEGRATION_DAEMON_FIXTURE_H_
