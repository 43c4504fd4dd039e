// hcsd: see --help.

#include <cstdio>
#include <string>
#include <thread>
#include <utility>
#include <variant>

#include "daemon/service/configuration.h"
#include "daemon/service/daemon.h"
#include "daemon/service/logging.h"
#include "daemon/service/stop_signals.h"
#include "daemon/service/version.h"
#include "spdlog/spdlog.h"

namespace hcs::service {
namespace {

int Fail(const absl::Status& status) {
  const std::string message(status.message());
  std::fprintf(stderr, "hcsd: %s\n", message.c_str());
  return 1;
}

void SayReady(const Daemon& daemon) {
  std::string line = "hcsd ready:";
  for (const std::string& address : daemon.addresses()) line += " " + address;
  std::printf("%s\n", line.c_str());
  std::fflush(stdout);
  spdlog::info("{} (version {})", line, kVersion);
}

void ServeUntilStopped(Daemon& daemon, StopSignals& signals) {
  spdlog::info("signal {}: draining", signals.Wait().value_or(0));
  std::jthread hurry([&] {
    while (const auto signal = signals.Wait()) {
      spdlog::info("signal {}: ending the calls that are left", *signal);
      daemon.HurryDrain();
    }
  });
  daemon.Drain();
  signals.Cancel();
}

int Run(const Configuration& configuration) {
  StopSignals signals;
  RaiseDescriptorLimit();
  if (absl::Status status = StartLogging(configuration.log_level, configuration.log_file);
      !status.ok()) {
    return Fail(status);
  }
  auto daemon = Daemon::Start(configuration);
  if (!daemon.ok()) return Fail(daemon.status());
  SayReady(**daemon);
  ServeUntilStopped(**daemon, signals);
  daemon->reset();
  spdlog::info("stopped");
  return 0;
}

}  // namespace
}  // namespace hcs::service

int main(int argc, char** argv) {
  auto read = hcs::service::ReadConfiguration(argc, argv);
  if (const auto* exit = std::get_if<hcs::service::Exit>(&read)) {
    std::fputs(exit->text.c_str(), exit->status == 0 ? stdout : stderr);
    return exit->status;
  }
  return hcs::service::Run(std::get<hcs::service::Configuration>(read));
}
