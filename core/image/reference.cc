#include "core/image/reference.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "core/image/digest.h"
#include "core/image/split.h"
#include "core/layer/layer_name.h"

namespace hcs::image {
namespace {

constexpr std::string_view kDefaultRegistry = "docker.io";
constexpr char kOfficialFolder[] = "library/";
constexpr std::string_view kDefaultTag = "latest";
constexpr size_t kMaxRepositoryBytes = 255;
constexpr size_t kMaxTagBytes = 128;

bool IsLower(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }
bool IsAlphanumeric(char c) { return IsLower(c) || (c >= 'A' && c <= 'Z'); }

bool IsTag(std::string_view tag) {
  const auto allowed = [](char c) { return IsAlphanumeric(c) || c == '_' || c == '.' || c == '-'; };
  return !tag.empty() && tag.size() <= kMaxTagBytes && tag[0] != '.' && tag[0] != '-' &&
         std::ranges::all_of(tag, allowed);
}

bool IsSeparator(std::string_view run) {
  return run == "." || run == "_" || run == "__" ||
         run.find_first_not_of('-') == std::string_view::npos;
}

// Letters and digits, with single separators between them.
bool IsPathComponent(std::string_view component) {
  if (component.empty() || !IsLower(component.front()) || !IsLower(component.back())) return false;
  while (!component.empty()) {
    const auto* word_end = std::ranges::find_if_not(component, IsLower);
    component.remove_prefix(word_end - component.begin());
    const auto* separator_end = std::ranges::find_if(component, IsLower);
    const auto length = static_cast<size_t>(separator_end - component.begin());
    if (!IsSeparator(component.substr(0, length))) return false;
    component.remove_prefix(length);
  }
  return true;
}

bool IsHostLabel(std::string_view label) {
  return !label.empty() && IsAlphanumeric(label.front()) && IsAlphanumeric(label.back()) &&
         std::ranges::all_of(label, [](char c) { return IsAlphanumeric(c) || c == '-'; });
}

bool IsRegistry(std::string_view text) {
  const size_t colon = text.find(':');
  if (colon != std::string_view::npos) {
    const std::string_view port = text.substr(colon + 1);
    if (port.empty() || port.find_first_not_of("0123456789") != std::string_view::npos) {
      return false;
    }
  }
  return std::ranges::all_of(Split(text.substr(0, colon), '.'), IsHostLabel);
}

bool LooksLikeRegistry(std::string_view component) {
  return component == "localhost" || component.find_first_of(".:") != std::string_view::npos;
}

absl::Status Refused(std::string_view text, std::string_view rule) {
  return absl::InvalidArgumentError(
      absl::StrCat("image reference ", layer::QuotedName(text), ": ", std::string(rule)));
}

// Takes what is after the last of the separators that `text` has.
std::string_view TakeFrom(std::string_view& text, size_t separator) {
  const std::string_view tail = text.substr(separator + 1);
  text = text.substr(0, separator);
  return tail;
}

absl::StatusOr<std::string> WholeRepository(std::string_view text, std::string_view name) {
  std::string_view registry = kDefaultRegistry;
  const size_t slash = name.find('/');
  if (slash != std::string_view::npos && LooksLikeRegistry(name.substr(0, slash))) {
    registry = name.substr(0, slash);
    name.remove_prefix(slash + 1);
    if (!IsRegistry(registry)) return Refused(text, "its registry must be a host name and port");
    // Docker's older name of its registry.
    if (registry == "index.docker.io") registry = kDefaultRegistry;
  }
  if (!std::ranges::all_of(Split(name, '/'), IsPathComponent)) {
    return Refused(text,
                   "each part of its path must be of a-z and 0-9, with single separators (., _, "
                   "__ or dashes) between them");
  }
  const bool official = registry == kDefaultRegistry && name.find('/') == std::string_view::npos;
  std::string whole =
      absl::StrCat(std::string(registry), "/", official ? kOfficialFolder : "", std::string(name));
  if (whole.size() > kMaxRepositoryBytes) {
    return Refused(text, "must not have more than 255 characters of registry and path");
  }
  return whole;
}

}  // namespace

absl::StatusOr<Reference> ParseReference(std::string_view text) {
  Reference reference;
  std::string_view name = text;
  if (name.empty()) return Refused(text, "must not be empty");
  if (const size_t at = name.find('@'); at != std::string_view::npos) {
    reference.digest = TakeFrom(name, at);
    if (!IsDigest(reference.digest)) {
      return Refused(text, "its digest must be \"sha256:\" and 64 hexadecimal digits");
    }
  }
  // A ':' before the last '/' belongs to the registry.
  const size_t colon = name.rfind(':');
  const size_t last_slash = name.rfind('/');
  if (colon != std::string_view::npos &&
      (last_slash == std::string_view::npos || colon > last_slash)) {
    reference.tag = TakeFrom(name, colon);
    if (!IsTag(reference.tag)) {
      return Refused(text, "its tag must have 1 to 128 of A-Z, a-z, 0-9, _, . and -");
    }
  } else if (reference.digest.empty()) {
    reference.tag = kDefaultTag;
  }
  if (IsDigest("sha256:" + std::string(name))) {
    return Refused(text, "64 hexadecimal digits are an image's id, and no name");
  }
  absl::StatusOr<std::string> repository = WholeRepository(text, name);
  if (!repository.ok()) return repository.status();
  reference.repository = *std::move(repository);
  return reference;
}

std::string Reference::Text() const {
  std::string text = repository;
  if (!tag.empty()) absl::StrAppend(&text, ":", tag);
  if (!digest.empty()) absl::StrAppend(&text, "@", digest);
  return text;
}

std::string Reference::Familiar() const {
  std::string text = Text();
  const std::string registry = std::string(kDefaultRegistry) + "/";
  if (text.starts_with(registry)) text.erase(0, registry.size());
  // "library/x/y" is someone's, and not short for anything.
  if (text.starts_with(kOfficialFolder) && std::ranges::count(repository, '/') == 2) {
    text.erase(0, sizeof(kOfficialFolder) - 1);
  }
  return text;
}

}  // namespace hcs::image
