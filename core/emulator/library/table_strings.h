// The strings of the C table: UTF-16 in, and out in memory that the caller frees.

#ifndef HCS_CORE_EMULATOR_LIBRARY_TABLE_STRINGS_H_
#define HCS_CORE_EMULATOR_LIBRARY_TABLE_STRINGS_H_

#include <string>
#include <string_view>

#include "core/abi/vmcompute.h"

namespace hcs::emulator {

// Empty for nullptr.
std::u16string_view TextOf(abi::PCWSTR text);
std::string Utf8Of(abi::PCWSTR text);

// A copy that FreeTaskMemory frees; nullptr when there is no memory.
abi::PWSTR NewTaskString(std::string_view utf8);
abi::PWSTR NewTaskString(std::u16string_view text);

// CoTaskMemFree, as the table offers it.
void FreeTaskMemory(void* memory);

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_LIBRARY_TABLE_STRINGS_H_
