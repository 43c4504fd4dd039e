#include "core/emulator/layers/layer_guards.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "core/emulator/layers/layer_folder.h"

namespace hcs::emulator {

namespace fs = std::filesystem;
using platform::UniqueFd;

Status InUse(const std::string& folder) {
  return {abi::ERROR_SHARING_VIOLATION, "the layer " + folder + " is in use"};
}

Status UseLayers(const std::vector<std::string>& layers, std::vector<UniqueFd>* uses) {
  for (const std::string& layer : layers) {
    Outcome<UniqueFd> use = UseLayer(layer);
    if (!use.ok()) return use.failure();
    uses->push_back(*std::move(use));
  }
  return {};
}

Status UseParents(const std::vector<std::string>& layers, std::vector<UniqueFd>* uses) {
  if (layers.empty()) return {abi::ERROR_INVALID_PARAMETER, "a sandbox needs a parent layer"};
  return UseLayers(layers, uses);
}

bool HasForeignFolders(const std::string& folder) {
  std::error_code error;
  fs::directory_iterator entry(folder, error);
  for (const fs::directory_iterator end; !error && entry != end; entry.increment(error)) {
    std::error_code gone;
    if (entry->is_directory(gone)) return true;
  }
  return error && error != std::errc::no_such_file_or_directory;
}

Status CheckFree(const std::string& folder) {
  if (IsLayer(folder)) {
    return {abi::ERROR_ALREADY_EXISTS, "the layer " + folder + " exists"};
  }
  if (!HasForeignFolders(folder)) return {};
  return {abi::ERROR_ALREADY_EXISTS, folder + " is a folder with others in it"};
}

}  // namespace hcs::emulator
