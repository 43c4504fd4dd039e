// How containers may be isolated, for those who make a host.

#ifndef HCS_CORE_EMULATOR_ISOLATION_SETTING_H_
#define HCS_CORE_EMULATOR_ISOLATION_SETTING_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hcs::emulator {

enum class IsolationSetting {
  kAuto,        // Namespaces where the machine allows it, else processes.
  kNamespaces,  // No host where the machine does not allow it.
  kProcess,
};

// The words for them, in their order.
inline constexpr std::string_view kIsolationWords[] = {"auto", "namespaces", "process"};

// nullopt for another word.
std::optional<IsolationSetting> IsolationSettingOf(std::string_view word);

// What it came to.
struct HostIsolation {
  bool namespaces = false;
  std::string reason;  // Words for people; of what holds the limits, too.
  // Limits that containers cannot be held to, by their names in documents of schema 1.
  std::vector<std::string> not_enforced;

  std::string_view name() const { return namespaces ? "namespaces" : "process"; }
};

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_ISOLATION_SETTING_H_
