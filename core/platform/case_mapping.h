// Names without regard to case, as Windows compares them.

#ifndef HCS_CORE_PLATFORM_CASE_MAPPING_H_
#define HCS_CORE_PLATFORM_CASE_MAPPING_H_

#include <string>
#include <string_view>

namespace hcs::platform {

// One UTF-16 unit in upper case: Unicode's simple mapping, where it is one unit and
// its lower case is the unit again. NTFS keeps such a table on each volume; that it
// leaves out the one-way mappings (dotless i, long s, micro sign, final sigma) is an
// assumption. Surrogates, and so all beyond the first plane, have no case, as there.
char16_t ToUpper(char16_t unit);

std::u16string ToUpper(std::u16string_view text);

// Of well-formed UTF-8. Two names are one for Windows when this is equal.
std::string ToUpperUtf8(std::string_view text);

}  // namespace hcs::platform

#endif  // HCS_CORE_PLATFORM_CASE_MAPPING_H_
