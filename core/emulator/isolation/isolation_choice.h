// Whether containers get namespaces of their own: what was asked for, and what the
// machine allows.

#ifndef HCS_CORE_EMULATOR_ISOLATION_ISOLATION_CHOICE_H_
#define HCS_CORE_EMULATOR_ISOLATION_ISOLATION_CHOICE_H_

#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "core/emulator/isolation_setting.h"
#include "core/emulator/state/systems_folder.h"

namespace hcs::emulator {

// Thread-safe.
class IsolationChoice {
 public:
  IsolationChoice(IsolationSetting setting, std::string worker_path)
      : setting_(setting), worker_path_(std::move(worker_path)) {}

  // The first call tries it out with a container that ends at once, made in `folder`, and tries
  // out the limits: tens of milliseconds. The answer stays.
  const HostIsolation& Find(SystemsFolder* folder);

  // The OCI runtime, once Find has answered "namespaces".
  const std::string& runtime() const { return runtime_; }

 private:
  HostIsolation TryOut(SystemsFolder* folder);

  const IsolationSetting setting_;
  const std::string worker_path_;
  std::mutex mutex_;
  std::string runtime_;
  std::optional<HostIsolation> found_;
};

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_ISOLATION_ISOLATION_CHOICE_H_
