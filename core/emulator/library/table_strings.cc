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
  const std::u16string text = platform::Utf8ToUtf16(utf8);
  const size_t bytes = (text.size() + 1) * sizeof(char16_t);
  void* memory = std::malloc(bytes);
  if (memory != nullptr) std::memcpy(memory, text.c_str(), bytes);
  return static_cast<abi::PWSTR>(memory);
}

void FreeTaskMemory(void* memory) { std::free(memory); }

}  // namespace hcs::emulator
