#include "core/emulator/state/system_id.h"

#include <algorithm>

#include "core/platform/unicode.h"

namespace hcs::emulator {
namespace {

constexpr std::string_view kHexDigits = "0123456789ABCDEF";

bool IsControl(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

bool NeedsEscape(std::string_view id, size_t position) {
  const char c = id[position];
  const bool at_edge = position == 0 || position + 1 == id.size();
  if (at_edge && (c == '.' || c == ' ')) return true;
  return std::string_view("%<>:\"|?*/\\").find(c) != std::string_view::npos || IsControl(c);
}

Status InvalidId(std::string message) {
  return {abi::ERROR_INVALID_PARAMETER, "the compute system's id " + std::move(message)};
}

}  // namespace

Outcome<std::string> CheckSystemId(std::u16string_view text) {
  // Before anything is copied: an id may come from anywhere.
  if (text.empty()) return InvalidId("is empty");
  if (text.size() > kMaxFolderNameBytes) return InvalidId("is too long");
  std::optional<std::string> id = platform::Utf16ToUtf8Strict(text);
  if (!id) return InvalidId("is not valid UTF-16");
  if (*id == "." || *id == "..") return InvalidId("is \".\" or \"..\"");
  if (id->find_first_of("/\\") != std::string::npos) return InvalidId("has a '/' or '\\' in it");
  if (std::any_of(id->begin(), id->end(), IsControl)) {
    return InvalidId("has a control character in it");
  }
  if (FolderNameOfId(*id).size() > kMaxFolderNameBytes) return InvalidId("is too long");
  return *std::move(id);
}

std::string FolderNameOfId(std::string_view id) {
  std::string name;
  for (size_t i = 0; i < id.size(); ++i) {
    if (!NeedsEscape(id, i)) {
      name.push_back(id[i]);
      continue;
    }
    const auto byte = static_cast<unsigned char>(id[i]);
    name.push_back('%');
    name.push_back(kHexDigits[byte >> 4]);
    name.push_back(kHexDigits[byte & 0xF]);
  }
  return name;
}

std::optional<std::string> IdOfFolderName(std::string_view name) {
  std::string id;
  for (size_t i = 0; i < name.size(); ++i) {
    if (name[i] != '%') {
      id.push_back(name[i]);
      continue;
    }
    if (name.size() - i < 3) return std::nullopt;
    const size_t high = kHexDigits.find(name[i + 1]);
    const size_t low = kHexDigits.find(name[i + 2]);
    if (high == std::string_view::npos || low == std::string_view::npos) return std::nullopt;
    id.push_back(static_cast<char>(high * 16 + low));
    i += 2;
  }
  if (id.empty() || FolderNameOfId(id) != name) return std::nullopt;
  return id;
}

}  // namespace hcs::emulator
