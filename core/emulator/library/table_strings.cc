#include "core/emulator/library/table_strings.h"

#include <cstdlib>
#include <cstring>

#include "core/platform/unicode.h"

namespace hcs::emulator {

std::u16string_view TextOf(abi::PCWSTR text) {
  return text == nullptr ? std::u16string_view() : std::u16string_view(text);
}

std::string Utf8Of(abi::PCWSTR text) { return platform::Utf16ToUtf8(TextOf(text)); }

abi::PWSTR NewTaskString(std::string_view utf8) {
  return NewTaskString(std::u16string_view(platform::Utf8ToUtf16(utf8)));
}

abi::PWSTR NewTaskString(std::u16string_view text) {
  auto* copy = static_cast<abi::PWSTR>(std::malloc((text.size() + 1) * sizeof(char16_t)));
  if (copy == nullptr) return nullptr;
  std::memcpy(copy, text.data(), text.size() * sizeof(char16_t));
  copy[text.size()] = u'\0';
  return copy;
}

void FreeTaskMemory(void* memory) { std::free(memory); }

}  // namespace hcs::emulator
