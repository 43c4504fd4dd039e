#include "core/emulator/isolation_setting.h"

#include <algorithm>
#include <iterator>

namespace hcs::emulator {

std::optional<IsolationSetting> IsolationSettingOf(std::string_view word) {
  const auto* const found = std::find(std::begin(kIsolationWords), std::end(kIsolationWords), word);
  if (found == std::end(kIsolationWords)) return std::nullopt;
  return static_cast<IsolationSetting>(found - std::begin(kIsolationWords));
}

}  // namespace hcs::emulator
