#include "core/emulator/emulated_host.h"

#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <utility>

#include "core/emulator/library/compute_functions.h"
#include "core/emulator/library/compute_service.h"
#include "core/emulator/library/table_strings.h"
#include "core/emulator/state/systems_folder.h"

namespace hcs::emulator {
namespace {

constexpr char kWorkerName[] = "hcs-worker";

std::string WorkerBesideExecutable() {
  std::array<char, 4096> path{};
  const ssize_t size = readlink("/proc/self/exe", path.data(), path.size());
  const std::string executable(path.data(), size > 0 ? static_cast<size_t>(size) : 0);
  return executable.substr(0, executable.rfind('/') + 1) + kWorkerName;
}

// Every connection is a descriptor; thousands of systems need more than the usual
// soft limit.
void RaiseDescriptorLimit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

abi::HcsFunctionTable MakeTable(bool layer_streams, bool with_networks) {
  abi::HcsFunctionTable table;
  AddSystemFunctions(&table);
  AddProcessFunctions(&table);
  AddLayerFunctions(&table);
  AddImageFunctions(&table);
  if (layer_streams) AddLayerContentFunctions(&table);
  if (with_networks) AddNetworkFunctions(&table);
  table.CoTaskMemFree = FreeTaskMemory;
  return table;
}

// The one of the present host's build.
const abi::HcsFunctionTable& TableOf(bool layer_streams) {
  static const abi::HcsFunctionTable whole = MakeTable(true, true);
  static const abi::HcsFunctionTable without_networks = MakeTable(true, false);
  static const abi::HcsFunctionTable without_streams = MakeTable(false, true);
  static const abi::HcsFunctionTable without_both = MakeTable(false, false);
  const auto service = ComputeService::Active();
  const bool networks = !service || service->networks() != nullptr;
  if (layer_streams) return networks ? whole : without_networks;
  return networks ? without_streams : without_both;
}

}  // namespace

std::variant<std::unique_ptr<EmulatedHost>, std::string> EmulatedHost::Create(
    const Options& options) {
  if (options.state_folder.empty()) return "the emulated host needs a state folder";
  if (options.callback_threads == 0) return "the emulated host needs a callback thread";
  // Absolute, since workers are started in another folder.
  const std::string worker = options.worker_path.empty()
                                 ? WorkerBesideExecutable()
                                 : std::filesystem::absolute(options.worker_path).string();
  if (access(worker.c_str(), X_OK) != 0) {
    return "the emulated host's worker is not executable: " + worker;
  }
  Outcome<SystemsFolder> folder = SystemsFolder::Open(options.state_folder);
  if (!folder.ok()) return folder.failure().message;
  RaiseDescriptorLimit();
  auto service = std::make_shared<ComputeService>(
      *std::move(folder),
      ComputeService::Options{worker, options.build_number, options.callback_threads,
                              std::filesystem::absolute(options.state_folder).string(),
                              options.isolation});
  if (options.isolation == IsolationSetting::kNamespaces && !service->Isolation().namespaces) {
    return "isolation \"namespaces\": " + service->Isolation().reason;
  }
  if (Status status = service->OpenNetworks(); !status.ok()) return status.message;
  if (!ComputeService::Activate(service)) return "this process has an emulated host already";
  return std::unique_ptr<EmulatedHost>(new EmulatedHost(options.layer_streams));
}

EmulatedHost::~EmulatedHost() { ComputeService::Deactivate(); }

const abi::HcsFunctionTable& EmulatedHost::table() { return TableOf(/*layer_streams=*/true); }

const abi::HcsFunctionTable& EmulatedHost::functions() const { return TableOf(layer_streams_); }

HostIsolation EmulatedHost::Isolation() const {
  const auto service = ComputeService::Active();
  return service ? service->Isolation() : HostIsolation();
}

void EmulatedHost::DisconnectService() {
  if (const auto service = ComputeService::Active()) service->Disconnect();
}

}  // namespace hcs::emulator
