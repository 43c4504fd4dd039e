#include "core/emulator/isolation_setting.h"

namespace hcs::emulator {

std::optional<IsolationSetting> IsolationSettingOf(std::string_view word) {
  if (word == "auto") return IsolationSetting::kAuto;
  if (word == "namespaces") return IsolationSetting::kNamespaces;
  if (word == "process") return IsolationSetting::kProcess;
  return std::nullopt;
}

}  // namespace hcs::emulator
