#include "core/layer/transport_folder.h"

#include <string>

#include "core/layer/layer_name.h"

namespace hcs::layer {
namespace {

bool IsBelowExactly(std::string_view name, const char* folder) {
  return name.starts_with(std::string(folder) + "\\");
}

}  // namespace

TransportZone ZoneOf(std::string_view name) {
  if (IsBelowExactly(name, kFilesFolder)) return TransportZone::kFiles;
  if (IsTransportRoot(name) || IsBelowExactly(name, kHivesFolder) || IsUtilityVmFile(name)) {
    return TransportZone::kPlain;
  }
  return TransportZone::kNowhere;
}

bool IsTransportRoot(std::string_view name) {
  return name == kFilesFolder || name == kHivesFolder || name == kUtilityVmFolder ||
         name == kUtilityVmFilesFolder;
}

bool HasDirectorySuffix(std::string_view name) {
  return name.ends_with('$') && UpperCaseName(name).ends_with(UpperCaseName(kDirectorySuffix));
}

bool IsUtilityVmFile(std::string_view name) { return IsBelowExactly(name, kUtilityVmFilesFolder); }

}  // namespace hcs::layer
