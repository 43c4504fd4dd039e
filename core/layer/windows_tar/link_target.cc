#include "core/layer/windows_tar/link_target.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "core/layer/reparse_buffer.h"
#include "core/platform/unicode.h"

namespace hcs::layer {
namespace {

constexpr std::u16string_view kNtPrefix = u"\\??\\";
constexpr std::u16string_view kNtServerPrefix = u"\\??\\UNC\\";
constexpr std::u16string_view kLongPrefix = u"\\\\?\\";
constexpr std::u16string_view kServerPrefix = u"\\\\";

bool HasDrive(std::u16string_view path) {
  if (path.size() < 2 || path[1] != u':') return false;
  const char16_t letter = path[0] | 0x20;
  return letter >= u'a' && letter <= u'z';
}

// As the file system follows it; nullopt for a relative one.
std::optional<std::u16string> NtPath(std::u16string_view path) {
  const auto with = [](std::u16string_view prefix, std::u16string_view rest) {
    return std::u16string(prefix).append(rest);
  };
  if (path.starts_with(kLongPrefix)) return with(kNtPrefix, path.substr(kLongPrefix.size()));
  if (path.starts_with(kServerPrefix)) {
    return with(kNtServerPrefix, path.substr(kServerPrefix.size()));
  }
  if (HasDrive(path)) return with(kNtPrefix, path);
  return std::nullopt;
}

}  // namespace

std::optional<LinkTarget> LinkTargetOf(std::string_view reparse_buffer) {
  const absl::StatusOr<ReparsePoint> point = ParseReparseBuffer(reparse_buffer);
  if (!point.ok() || !std::holds_alternative<ReparseLink>(*point)) return std::nullopt;
  const auto& link = std::get<ReparseLink>(*point);
  std::u16string path = link.print_name;
  if (path.empty() && link.substitute_name.starts_with(kNtPrefix)) {
    path = std::u16string(kLongPrefix).append(link.substitute_name.substr(kNtPrefix.size()));
  }
  LinkTarget target{platform::Utf16ToUtf8(path), link.tag == kMountPointTag};
  std::replace(target.target.begin(), target.target.end(), '\\', '/');
  if (target.target.empty() || target.target.find('\0') != std::string::npos) return std::nullopt;
  return target;
}

absl::StatusOr<std::string> ReparseBufferOf(const LinkTarget& link) {
  std::optional<std::u16string> path = platform::Utf8ToUtf16Strict(link.target);
  if (!path) return absl::InvalidArgumentError("its target must be valid UTF-8");
  std::replace(path->begin(), path->end(), u'/', u'\\');
  ReparseLink reparse;
  reparse.tag = link.mount_point ? kMountPointTag : kSymbolicLinkTag;
  std::optional<std::u16string> absolute = NtPath(*path);
  reparse.relative = !absolute;
  reparse.substitute_name = absolute ? *std::move(absolute) : *path;
  reparse.print_name = *std::move(path);
  return BuildReparseBuffer(reparse);
}

}  // namespace hcs::layer
