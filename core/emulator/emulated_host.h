// The emulated host: an implementation of vmcompute's C table on this machine, for
// those who have no Windows at hand. docs/emulated-host.md says, function by
// function, what is exact, what approximates and what is refused.
//
// The C table has no context pointer, so there is one emulated host per process at a
// time. Its systems are worker processes of their own and outlive it; a later host
// with the same state folder, in this or another process, finds them again.

#ifndef HCS_CORE_EMULATOR_EMULATED_HOST_H_
#define HCS_CORE_EMULATOR_EMULATED_HOST_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <variant>

#include "core/abi/vmcompute.h"
#include "core/emulator/isolation_setting.h"

namespace hcs::emulator {

class EmulatedHost {
 public:
  struct Options {
    // Where systems are kept; made if missing. One folder may serve several processes.
    std::string state_folder;

    // The worker's executable. Empty: hcs-worker beside this process' executable.
    std::string worker_path;

    // The Windows build that the host claims to be; gates features by it.
    uint32_t build_number = 20348;

    // How systems with a root of their own are isolated.
    IsolationSetting isolation = IsolationSetting::kAuto;

    // Whether functions() has ImportLayerBegin, ExportLayerBegin and what follows them, as
    // early builds of Windows do. Without, layers come and go by transport folders alone.
    bool layer_streams = true;

    // Threads that call notification callbacks.
    size_t callback_threads = 4;
  };

  // The host, or why there is none: what is wrong with the options, that this machine
  // cannot isolate as they want it, or that this process has one already.
  static std::variant<std::unique_ptr<EmulatedHost>, std::string> Create(const Options& options);

  // Every handle is stale from now on and functions of the table answer 0x800706BA
  // (the service is down); calls under way are ended. When it returns no callback is
  // running, and none comes any more. Must not be called by one. Systems go on.
  ~EmulatedHost();

  EmulatedHost(const EmulatedHost&) = delete;
  EmulatedHost& operator=(const EmulatedHost&) = delete;

  // What the build of this process' host has, or, while there is no host, all that there
  // is: HNSCall is missing before build 14300. Valid for as long as the process.
  static const abi::HcsFunctionTable& table();

  // The same, without the functions that the options leave out.
  const abi::HcsFunctionTable& functions() const;

  // Whether systems with a root get namespaces, and why not; and which limits cannot be
  // enforced. The first call may try it out, which takes tens of milliseconds.
  HostIsolation Isolation() const;

  // As if the host's service had been restarted: every registration gets
  // ServiceDisconnect (0x01000000), every handle of a system or process is stale,
  // and opening again works. Handles of registrations can still be unregistered.
  void DisconnectService();

 private:
  explicit EmulatedHost(bool layer_streams) : layer_streams_(layer_streams) {}

  const bool layer_streams_;
};

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_EMULATED_HOST_H_
