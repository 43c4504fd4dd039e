#include "core/emulator/layers/volume_paths.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <filesystem>

#include "core/emulator/errno_status.h"
#include "core/emulator/layers/layer_folder.h"
#include "core/emulator/state/guid.h"
#include "core/platform/union_mount.h"

namespace hcs::emulator {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kLongPrefix = R"(\\?\)";
constexpr std::string_view kVolumePrefix = "volume{";
constexpr mode_t kFolderMode = 0700;

Status InvalidPath(std::string_view path, const char* rule) {
  return {abi::ERROR_INVALID_PARAMETER, "the path \"" + std::string(path) + "\" " + rule};
}

Status NoSuchVolume(std::string_view path) {
  return {abi::ERROR_PATH_NOT_FOUND, "there is no volume \"" + std::string(path) + "\""};
}

std::string LowerCase(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

bool IsGuidText(std::string_view text) {
  return text.size() == 36 && text.find_first_not_of("0123456789abcdef-") == std::string_view::npos;
}

// "x:" before a separator or the end.
bool HasDrive(std::string_view path) {
  return path.size() >= 2 && path[1] == ':' && std::isalpha(static_cast<unsigned char>(path[0])) &&
         (path.size() == 2 || path[2] == '/');
}

bool HasDots(std::string_view path) {
  const fs::path parts(path);
  return std::any_of(parts.begin(), parts.end(),
                     [](const fs::path& part) { return part == "." || part == ".."; });
}

}  // namespace

std::string VolumePathOf(const std::string& guid) { return R"(\\?\Volume{)" + guid + R"(}\)"; }

Status Volumes::Link(const std::string& guid, const std::string& target) const {
  if (mkdir(folder_.c_str(), kFolderMode) != 0 && errno != EEXIST) {
    return ErrnoStatus(errno, folder_);
  }
  // Replaced as a whole, since the link of a sandbox that was moved may be there.
  const std::string name = folder_ + "/{" + guid + "}";
  const std::string draft = folder_ + "/." + NewGuidText();
  if (symlink(target.c_str(), draft.c_str()) != 0) return ErrnoStatus(errno, draft);
  if (rename(draft.c_str(), name.c_str()) != 0) return ErrnoStatus(errno, name);
  return {};
}

void Volumes::Unlink(const std::string& guid) const {
  unlink((folder_ + "/{" + guid + "}").c_str());
}

std::vector<std::string> Volumes::Targets() const {
  std::vector<std::string> targets;
  std::error_code error;
  for (fs::directory_iterator entry(folder_, error), end; !error && entry != end;
       entry.increment(error)) {
    std::error_code gone;
    const fs::path target = fs::read_symlink(entry->path(), gone);
    if (!gone) targets.push_back(target);
  }
  return targets;
}

Outcome<std::string> Volumes::Resolve(std::string_view path) const {
  std::string_view rest = path;
  const bool long_form = rest.starts_with(kLongPrefix);
  if (long_form) rest.remove_prefix(kLongPrefix.size());
  std::string root;
  if (long_form && LowerCase(rest.substr(0, kVolumePrefix.size())) == kVolumePrefix) {
    const size_t end = rest.find('}');
    if (end == std::string_view::npos) return InvalidPath(path, "has no '}' after its GUID");
    const std::string guid =
        LowerCase(rest.substr(kVolumePrefix.size(), end - kVolumePrefix.size()));
    std::error_code error;
    if (IsGuidText(guid)) root = fs::read_symlink(folder_ + "/{" + guid + "}", error);
    if (root.empty()) return NoSuchVolume(path);
    rest.remove_prefix(end + 1);
  }
  std::string local(rest);
  std::replace(local.begin(), local.end(), '\\', '/');
  if (root.empty() && HasDrive(local)) local.erase(0, 2);
  if (local.empty() && (!root.empty() || !rest.empty())) local = "/";
  if (!local.starts_with('/')) return InvalidPath(path, "is not absolute");
  if (HasDots(local)) return InvalidPath(path, R"(has a component "." or "..")");
  std::string normal = fs::path(root + local).lexically_normal();
  if (normal.size() > 1 && normal.ends_with('/')) normal.pop_back();
  return normal;
}

Outcome<std::string> Volumes::FolderOfSandbox(std::string_view path) const {
  Outcome<std::string> folder = Resolve(path);
  if (!folder.ok()) return folder;
  if (platform::IsMountPoint(*folder)) return folder;
  // A volume is the tree of the sandbox that it is in.
  const std::string above = std::filesystem::path(*folder).parent_path();
  if (*folder == MountPointOfSandbox(above) && IsPrepared(above)) return folder;
  struct stat found {};
  if (stat(folder->c_str(), &found) != 0 || !S_ISDIR(found.st_mode)) {
    return Status{abi::ERROR_PATH_NOT_FOUND, "there is no folder \"" + std::string(path) + "\""};
  }
  std::string seen = MountPointOfSandbox(*folder);
  if (IsPrepared(*folder)) return seen;
  return Status{abi::VMCOMPUTE_INVALID_LAYER,
                "the layer \"" + std::string(path) + "\" is not prepared"};
}

}  // namespace hcs::emulator
