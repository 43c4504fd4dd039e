#include "core/platform/device_name.h"

#include <string>
#include <string_view>

#include "core/platform/case_mapping.h"

namespace hcs::platform {
namespace {

constexpr size_t kLongestBytes = std::string_view("CONOUT$").size();

bool IsNumberedDevice(std::string_view stem) {
  if (!stem.starts_with("COM") && !stem.starts_with("LPT")) return false;
  stem.remove_prefix(3);
  if (stem.size() == 1) return stem[0] >= '0' && stem[0] <= '9';
  // The superscript digits count as digits.
  return stem == "\u00B9" || stem == "\u00B2" || stem == "\u00B3";
}

}  // namespace

bool IsDeviceName(std::string_view component) {
  std::string_view original = component.substr(0, component.find('.'));
  original = original.substr(0, original.find_last_not_of(' ') + 1);
  // Most names are longer than any device's.
  if (original.size() > kLongestBytes) return false;
  const std::string stem = ToUpperUtf8(original);
  for (const std::string_view device : {"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"}) {
    if (stem == device) return true;
  }
  return IsNumberedDevice(stem);
}

}  // namespace hcs::platform
