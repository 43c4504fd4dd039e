#include "core/layer/layer_name.h"

#include <algorithm>
#include <string>

#include "absl/strings/escaping.h"
#include "core/platform/case_mapping.h"
#include "core/platform/device_name.h"
#include "core/platform/unicode.h"

namespace hcs::layer {
namespace {

constexpr size_t kMaxQuotedBytes = 200;

// The rule that a component breaks, or an empty text. Of well-formed UTF-8.
std::string_view BrokenComponentRule(std::string_view component) {
  if (component.empty()) return "must be relative, with no empty component";
  if (component.find_first_not_of(". ") == std::string_view::npos) {
    return "must have no component of dots and spaces alone";
  }
  if (component.find('/') != std::string_view::npos) return "must have no '/'";
  if (component.find(':') != std::string_view::npos) {
    return "must have no ':' (a drive, or an alternate stream)";
  }
  if (component.find('\0') != std::string_view::npos) return "must have no NUL";
  if (component.size() > kMaxComponentBytes) {
    return "must have no component of more than 255 bytes";
  }
  if (platform::IsDeviceName(component)) return "must not name a device of Windows";
  return {};
}

}  // namespace

absl::Status CheckLayerName(std::string_view name) {
  // A unit of UTF-16 is at most 3 bytes of UTF-8.
  if (name.size() > 3 * kMaxNameUnits) return InvalidName(name, "must not be so long");
  if (!platform::IsValidUtf8(name)) return InvalidName(name, "must be valid UTF-8");
  if (name.size() > kMaxNameUnits && platform::Utf8ToUtf16(name).size() > kMaxNameUnits) {
    return InvalidName(name, "must not have more than 32767 UTF-16 units");
  }
  const std::vector<std::string_view> components = NameComponents(name);
  if (components.size() > kMaxComponents) {
    return InvalidName(name, "must not have more than 256 components");
  }
  for (const std::string_view component : components) {
    const std::string_view rule = BrokenComponentRule(component);
    if (!rule.empty()) return InvalidName(name, rule);
  }
  return absl::OkStatus();
}

std::string QuotedName(std::string_view name) {
  const bool printable = platform::IsValidUtf8(name) && std::ranges::none_of(name, [](char byte) {
                           return static_cast<unsigned char>(byte) < ' ' || byte == '\x7F';
                         });
  std::string text(name);
  if (!printable) text = absl::CHexEscape(text);
  if (text.size() <= kMaxQuotedBytes) return "'" + text + "'";
  // Not within a character.
  size_t end = kMaxQuotedBytes;
  while ((static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return "'" + text.substr(0, end) + "...'";
}

absl::Status InvalidName(std::string_view name, std::string_view rule) {
  return absl::InvalidArgumentError(QuotedName(name) + ": " + std::string(rule));
}

std::vector<std::string_view> NameComponents(std::string_view name) {
  std::vector<std::string_view> components;
  for (size_t begin = 0; begin <= name.size();) {
    const size_t end = std::min(name.find('\\', begin), name.size());
    components.push_back(name.substr(begin, end - begin));
    begin = end + 1;
  }
  return components;
}

std::string_view ParentName(std::string_view name) {
  const size_t separator = name.rfind('\\');
  return separator == std::string_view::npos ? std::string_view() : name.substr(0, separator);
}

bool IsBelow(std::string_view name, std::string_view folder) {
  return name.size() > folder.size() + 1 && name[folder.size()] == '\\' &&
         UpperCaseName(name.substr(0, folder.size())) == UpperCaseName(folder);
}

std::string UpperCaseName(std::string_view name) { return platform::ToUpperUtf8(name); }

}  // namespace hcs::layer
