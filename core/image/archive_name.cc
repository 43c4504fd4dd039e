#include "core/image/archive_name.h"

#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "core/image/split.h"
#include "core/layer/layer_name.h"

namespace hcs::image {
namespace {

absl::Status Refused(std::string_view spelled, std::string_view rule) {
  return absl::InvalidArgumentError(
      absl::StrCat("the archive's name ", layer::QuotedName(spelled), " ", std::string(rule)));
}

// Walks from `folder` along `path`. False: above the root.
bool Walk(std::string_view path, std::vector<std::string_view>* folder) {
  for (const std::string_view component : Split(path, '/')) {
    if (component.empty() || component == ".") continue;
    if (component != "..") {
      folder->push_back(component);
    } else if (folder->empty()) {
      return false;
    } else {
      folder->pop_back();
    }
  }
  return true;
}

absl::Status CheckCharacters(std::string_view spelled) {
  if (spelled.starts_with('/')) return Refused(spelled, "must not be absolute");
  if (spelled.find('\\') != std::string_view::npos) return Refused(spelled, "must not have a '\\'");
  if (spelled.find('\0') != std::string_view::npos) return Refused(spelled, "must not have a NUL");
  return absl::OkStatus();
}

std::string Joined(const std::vector<std::string_view>& components) {
  std::string name;
  for (const std::string_view component : components) {
    if (!name.empty()) name += '/';
    name += component;
  }
  return name;
}

}  // namespace

absl::StatusOr<std::string> ArchiveName(std::string_view spelled) {
  if (absl::Status status = CheckCharacters(spelled); !status.ok()) return status;
  for (const std::string_view component : Split(spelled, '/')) {
    if (component == "..") return Refused(spelled, "must not have \"..\"");
  }
  std::vector<std::string_view> components;
  Walk(spelled, &components);
  return Joined(components);
}

absl::StatusOr<std::string> ArchiveLinkTarget(std::string_view name, std::string_view target) {
  if (absl::Status status = CheckCharacters(target); !status.ok()) return status;
  std::vector<std::string_view> components;
  Walk(name, &components);
  if (!components.empty()) components.pop_back();
  if (!Walk(target, &components)) return Refused(target, "must not lead out of the archive");
  return Joined(components);
}

}  // namespace hcs::image
