// GUIDs of the table as text.

#ifndef HCS_CORE_HOST_GUID_H_
#define HCS_CORE_HOST_GUID_H_

#include <string>

#include "core/abi/vmcompute.h"

namespace hcs::host {

// "bd9c3ef9-f239-59b5-a27e-15c523b1d149": lower case, no braces.
std::string GuidText(const abi::GUID& guid);

}  // namespace hcs::host

#endif  // HCS_CORE_HOST_GUID_H_
