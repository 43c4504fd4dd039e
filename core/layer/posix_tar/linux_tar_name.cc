#include "core/layer/posix_tar/linux_tar_name.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "core/layer/layer_name.h"
#include "core/platform/linux_name.h"

namespace hcs::layer {
namespace {

constexpr std::string_view kRemovedPrefix = ".wh.";
constexpr std::string_view kAufsPrefix = ".wh..wh.";
constexpr std::string_view kOpaque = ".wh..wh..opq";

using Kind = LinuxTarName::Kind;

// Without empty ones and ".".
std::vector<std::string_view> ComponentsOf(std::string_view tar_name) {
  std::vector<std::string_view> components;
  for (size_t begin = 0; begin <= tar_name.size();) {
    const size_t end = std::min(tar_name.find('/', begin), tar_name.size());
    const std::string_view component = tar_name.substr(begin, end - begin);
    if (!component.empty() && component != ".") components.push_back(component);
    begin = end + 1;
  }
  return components;
}

// Takes a removal's prefix off the last component, or a mark that its directory is opaque.
absl::Status SplitRemoved(std::string_view tar_name, std::vector<std::string_view>* components,
                          Kind* kind) {
  if (components->empty() || !components->back().starts_with(kRemovedPrefix)) {
    return absl::OkStatus();
  }
  std::string_view& last = components->back();
  if (last == kOpaque) {
    components->pop_back();
    *kind = Kind::kOpaque;
    if (!components->empty()) return absl::OkStatus();
    return InvalidName(tar_name, "must not make the root directory opaque");
  }
  if (last.starts_with(kAufsPrefix)) {
    return InvalidName(tar_name, "is AUFS' own, which an image's layer does not have");
  }
  last.remove_prefix(kRemovedPrefix.size());
  *kind = Kind::kRemoved;
  if (!last.empty() && last != "." && last != "..") return absl::OkStatus();
  return InvalidName(tar_name, "must name what it removes");
}

}  // namespace

absl::StatusOr<LinuxTarName> ParseLinuxTarName(std::string_view tar_name) {
  // umoci's name of the root directory.
  const bool root = tar_name == "/";
  if (tar_name.starts_with('/') && !root) return InvalidName(tar_name, "must not be absolute");
  std::vector<std::string_view> components = ComponentsOf(tar_name);
  LinuxTarName parsed;
  absl::Status status = SplitRemoved(tar_name, &components, &parsed.kind);
  if (!status.ok()) return status;
  parsed.name = kLinuxRoot;
  for (const std::string_view component : components) {
    if (component == "..") return InvalidName(tar_name, "must not have a '..'");
    if (component.starts_with(kRemovedPrefix)) {
      return InvalidName(tar_name, "must not be below what begins with '.wh.'");
    }
    parsed.name += '\\';
    parsed.name += platform::WindowsNameOf(component);
  }
  if (status = CheckLayerName(parsed.name); !status.ok()) return status;
  return parsed;
}

absl::StatusOr<std::string> ParsePlainLinuxTarName(std::string_view tar_name) {
  absl::StatusOr<LinuxTarName> parsed = ParseLinuxTarName(tar_name);
  if (!parsed.ok()) return parsed.status();
  if (parsed->kind != Kind::kPlain) {
    return InvalidName(tar_name, "must be a file's own name, and no removal's");
  }
  return std::move(parsed->name);
}

absl::StatusOr<std::string> LinuxTarNameOf(std::string_view layer_name, bool removed) {
  if (absl::Status status = CheckLayerName(layer_name); !status.ok()) return status;
  const std::vector<std::string_view> components = NameComponents(layer_name);
  if (components.front() != kLinuxRoot) {
    return InvalidName(layer_name, "must be in Files, where a Linux layer has its tree");
  }
  if (components.size() == 1) {
    if (removed) return InvalidName(layer_name, "must not be removed, since it is the root");
    return std::string(".");
  }
  std::string name;
  for (size_t i = 1; i < components.size(); ++i) {
    const std::optional<std::string> component = platform::LinuxNameOf(components[i]);
    if (!component) return InvalidName(layer_name, "is not the name of a Linux file");
    if (component->starts_with(kRemovedPrefix)) {
      return InvalidName(layer_name, "begins with '.wh.', which a tar keeps for removals");
    }
    if (i > 1) name += '/';
    if (removed && i + 1 == components.size()) name += kRemovedPrefix;
    name += *component;
  }
  return name;
}

std::string OpaqueTarNameOf(std::string_view tar_name) {
  return std::string(tar_name).append("/").append(kOpaque);
}

}  // namespace hcs::layer
