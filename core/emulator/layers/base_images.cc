#include "core/emulator/layers/base_images.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>
#include <nlohmann/json.hpp>
#include <vector>

#include "core/emulator/documents/json_text.h"
#include "core/emulator/errno_status.h"
#include "core/emulator/layers/layer_folder.h"
#include "core/emulator/state/state_files.h"
#include "core/platform/folder_size.h"

namespace hcs::emulator {
namespace {

std::string TimestampText(time_t time) {
  std::tm parts{};
  gmtime_r(&time, &parts);
  std::array<char, 32> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

Status CheckFolder(const std::string& path) {
  struct stat found {};
  if (lstat(path.c_str(), &found) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) {
      return {abi::ERROR_PATH_NOT_FOUND, "there is no folder " + path};
    }
    return ErrnoStatus(errno, path);
  }
  if (!S_ISDIR(found.st_mode)) return {abi::VMCOMPUTE_INVALID_LAYER, path + " is not a folder"};
  if (lstat(FilesOfLayer(path).c_str(), &found) != 0 || !S_ISDIR(found.st_mode)) {
    return {abi::VMCOMPUTE_INVALID_LAYER, path + " has no folder Files"};
  }
  return {};
}

}  // namespace

std::string BaseImagesIn(const std::string& folder, uint32_t build_number) {
  Json images = Json::array();
  const platform::UniqueFd open_folder = OpenStateFolder(AT_FDCWD, folder);
  std::vector<std::string> names =
      open_folder ? NamesIn(open_folder.get()) : std::vector<std::string>();
  std::ranges::sort(names);
  for (const std::string& name : names) {
    const std::string path = folder + "/" + name;
    struct stat files {};
    // What is being made or removed has a dot before its name.
    if (name.starts_with('.') || !CheckFolder(path).ok() ||
        lstat(FilesOfLayer(path).c_str(), &files) != 0) {
      continue;
    }
    images.push_back({{"Name", name},
                      {"Version", "10.0." + std::to_string(build_number) + ".0"},
                      {"Path", path},
                      {"Size", platform::FolderSize(path).value_or(0)},
                      {"CreatedTime", TimestampText(files.st_ctim.tv_sec)}});
  }
  return JsonToText({{"Images", std::move(images)}});
}

Status ProcessBaseLayer(const std::string& path) {
  if (Status status = CheckFolder(path); !status.ok()) return status;
  const Outcome<LockedLayer> layer = LockedLayer::Open(path);
  if (!layer.ok()) return layer.failure();
  if (layer->is_sandbox()) return {abi::VMCOMPUTE_INVALID_LAYER, path + " is a sandbox"};
  return FurnishLayer(path, {});
}

Status ProcessUtilityVm(const std::string& path) { return CheckFolder(path); }

}  // namespace hcs::emulator
