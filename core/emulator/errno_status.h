// The machine's errors in the host's terms.

#ifndef HCS_CORE_EMULATOR_ERRNO_STATUS_H_
#define HCS_CORE_EMULATOR_ERRNO_STATUS_H_

#include <string_view>

#include "core/emulator/outcome.h"

namespace hcs::emulator {

// The HRESULT of the Win32 error that means the same as the errno value `error`;
// 0x8007001F (a general failure) where there is none.
abi::HRESULT HresultOfErrno(int error);

// The same with words: "WHAT: No such file or directory".
Status ErrnoStatus(int error, std::string_view what);

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_ERRNO_STATUS_H_
