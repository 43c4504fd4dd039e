#include "core/emulator/layers/layer_names.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <optional>

#include "core/platform/case_mapping.h"
#include "core/platform/linux_name.h"
#include "core/platform/unicode.h"

namespace hcs::emulator {
namespace {

constexpr size_t kMaxUnits = 32767;
constexpr size_t kMaxComponentUnits = 255;
constexpr size_t kMaxComponents = 256;
constexpr size_t kMaxDiskNameBytes = 255;
constexpr size_t kHashBytes = 16;

// UTF-8, with three bytes for a lone surrogate as for any other unit of its size.
std::string Utf8WithSurrogates(std::u16string_view text) {
  std::string bytes;
  for (size_t i = 0; i < text.size(); ++i) {
    const std::u16string_view pair = text.substr(i, 2);
    const size_t units = pair.size() == 2 && platform::IsValidUtf16(pair) ? 2 : 1;
    if (platform::IsValidUtf16(text.substr(i, units))) {
      bytes += platform::Utf16ToUtf8(text.substr(i, units));
      i += units - 1;
    } else {
      bytes += static_cast<char>(0xE0 | text[i] >> 12);
      bytes += static_cast<char>(0x80 | (text[i] >> 6 & 0x3F));
      bytes += static_cast<char>(0x80 | (text[i] & 0x3F));
    }
  }
  return bytes;
}

// FNV-1a: it tells names of one folder apart, and need not withstand anyone.
std::string HashText(std::string_view bytes) {
  uint64_t hash = 0xCBF29CE484222325;
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3;
  std::array<char, kHashBytes + 1> text{};
  std::snprintf(text.data(), text.size(), "%016lx", static_cast<unsigned long>(hash));
  return text.data();
}

std::string Shortened(const std::string& name) {
  size_t end = kMaxDiskNameBytes - kHashBytes - 1;
  while ((static_cast<unsigned char>(name[end]) & 0xC0) == 0x80) --end;
  return name.substr(0, end) + "~" + HashText(name);
}

Status InvalidName(const char* rule) {
  return {abi::ERROR_INVALID_PARAMETER, std::string("the name of a layer's file ") + rule};
}

Status CheckComponent(std::u16string_view component) {
  if (component.empty()) return InvalidName("has an empty component");
  if (component == u"." || component == u"..") return InvalidName(R"(has a component "." or "..")");
  if (component.size() > kMaxComponentUnits) {
    return InvalidName("has a component of more than 255 characters");
  }
  if (component.find_first_of(std::u16string_view(u"/:\0", 3)) != std::u16string_view::npos) {
    return InvalidName("has a '/', ':' or NUL in it");
  }
  return {};
}

// Gives the layer's own folders the spelling that they have on disk.
Status CheckRoot(std::vector<std::u16string>* components) {
  const std::u16string root = platform::ToUpper(components->front());
  const bool utility = root == u"UTILITYVM";
  if (root != u"FILES" && root != u"HIVES" && !utility) {
    return InvalidName("is not Files, Hives or UtilityVM, or below them");
  }
  components->front() = root == u"FILES" ? u"Files" : utility ? u"UtilityVM" : u"Hives";
  if (!utility || components->size() == 1) return {};
  if (platform::ToUpper((*components)[1]) != u"FILES") {
    return InvalidName("is below UtilityVM, but not Files there");
  }
  (*components)[1] = u"Files";
  return {};
}

}  // namespace

Outcome<std::vector<std::u16string>> SplitLayerName(std::u16string_view name) {
  if (name.size() > kMaxUnits) return InvalidName("is too long");
  if (!name.starts_with(u'\\')) return InvalidName("does not begin with '\\'");
  std::vector<std::u16string> components;
  for (size_t begin = 1;;) {
    const size_t end = std::min(name.find(u'\\', begin), name.size());
    components.emplace_back(name.substr(begin, end - begin));
    if (Status status = CheckComponent(components.back()); !status.ok()) return status;
    if (components.size() > kMaxComponents) return InvalidName("has more than 256 components");
    if (end == name.size()) break;
    begin = end + 1;
  }
  if (Status status = CheckRoot(&components); !status.ok()) return status;
  return components;
}

std::string DiskName(std::u16string_view component) {
  std::string name;
  if (const std::optional<std::string> utf8 = platform::Utf16ToUtf8Strict(component)) {
    name = platform::LinuxNameOf(*utf8).value_or(*utf8);
  } else {
    name = Utf8WithSurrogates(component);
  }
  return name.size() <= kMaxDiskNameBytes ? name : Shortened(name);
}

std::u16string WindowsName(std::string_view disk_name) {
  return platform::Utf8ToUtf16(platform::WindowsNameOf(disk_name));
}

}  // namespace hcs::emulator
