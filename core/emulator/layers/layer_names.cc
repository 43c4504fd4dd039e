#include "core/emulator/layers/layer_names.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <optional>

#include "core/platform/case_mapping.h"

namespace hcs::emulator {
namespace {

constexpr size_t kMaxUnits = 32767;
constexpr size_t kMaxComponentUnits = 255;
constexpr size_t kMaxComponents = 256;
constexpr size_t kMaxDiskNameBytes = 255;
constexpr size_t kHashBytes = 16;
constexpr char16_t kPrivateArea = 0xF000;
constexpr std::string_view kForbiddenByWindows = R"("*:<>?|\)";

bool IsForbiddenByWindows(unsigned char c) {
  return (c > 0 && c < 0x20) ||
         kForbiddenByWindows.find(static_cast<char>(c)) != std::string_view::npos;
}

// The byte that a unit of the private area stands for.
std::optional<char> ByteOf(char16_t unit) {
  if (unit <= kPrivateArea || unit > kPrivateArea + 0xFF) return std::nullopt;
  const auto byte = static_cast<unsigned char>(unit - kPrivateArea);
  if (byte < 0x80 && !IsForbiddenByWindows(byte)) return std::nullopt;
  return static_cast<char>(byte);
}

bool IsHighSurrogate(char16_t unit) { return unit >= 0xD800 && unit < 0xDC00; }
bool IsLowSurrogate(char16_t unit) { return unit >= 0xDC00 && unit < 0xE000; }

void AppendUtf8(uint32_t point, std::string* text) {
  if (point < 0x80) {
    text->push_back(static_cast<char>(point));
    return;
  }
  const int tail = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
  constexpr std::array<uint32_t, 4> kLead = {0, 0xC0, 0xE0, 0xF0};
  text->push_back(static_cast<char>(kLead[static_cast<size_t>(tail)] | point >> (6 * tail)));
  for (int i = tail - 1; i >= 0; --i) {
    text->push_back(static_cast<char>(0x80 | (point >> (6 * i) & 0x3F)));
  }
}

// A code point, lone surrogates included, and its length; 0 for a byte that begins none.
size_t DecodeUtf8(std::string_view text, uint32_t* point) {
  const auto lead = static_cast<unsigned char>(text[0]);
  if (lead < 0x80) {
    *point = lead;
    return 1;
  }
  const size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 0;
  if (length == 0 || lead > 0xF4 || text.size() < length) return 0;
  *point = lead & (0xFFu >> (length + 1));
  for (size_t i = 1; i < length; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xC0) != 0x80) return 0;
    *point = *point << 6 | (byte & 0x3F);
  }
  constexpr std::array<uint32_t, 5> kSmallest = {0, 0, 0x80, 0x800, 0x10000};
  return *point < kSmallest[length] || *point > 0x10FFFF ? 0 : length;
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
  for (size_t i = 0; i < component.size(); ++i) {
    const char16_t unit = component[i];
    if (const std::optional<char> byte = ByteOf(unit)) {
      name.push_back(*byte);
    } else if (IsHighSurrogate(unit) && i + 1 < component.size() &&
               IsLowSurrogate(component[i + 1])) {
      ++i;
      AppendUtf8(0x10000u + ((unit - 0xD800u) << 10) + (component[i] - 0xDC00u), &name);
    } else {
      AppendUtf8(unit, &name);
    }
  }
  return name.size() <= kMaxDiskNameBytes ? name : Shortened(name);
}

std::u16string WindowsName(std::string_view disk_name) {
  std::u16string name;
  while (!disk_name.empty()) {
    uint32_t point = 0;
    const size_t length = DecodeUtf8(disk_name, &point);
    if (length == 0) {
      name.push_back(
          static_cast<char16_t>(kPrivateArea + static_cast<unsigned char>(disk_name[0])));
    } else if (length == 1 && IsForbiddenByWindows(static_cast<unsigned char>(point))) {
      name.push_back(static_cast<char16_t>(kPrivateArea + point));
    } else if (point >= 0x10000) {
      name.push_back(static_cast<char16_t>(0xD800 + ((point - 0x10000) >> 10)));
      name.push_back(static_cast<char16_t>(0xDC00 + ((point - 0x10000) & 0x3FF)));
    } else {
      name.push_back(static_cast<char16_t>(point));
    }
    disk_name.remove_prefix(std::max<size_t>(length, 1));
  }
  return name;
}

}  // namespace hcs::emulator
