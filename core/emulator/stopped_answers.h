// What calls on a stopped compute system answer: the last column of the reference's
// table of states.

#ifndef HCS_CORE_EMULATOR_STOPPED_ANSWERS_H_
#define HCS_CORE_EMULATOR_STOPPED_ANSWERS_H_

#include <string_view>

#include "core/emulator/outcome.h"

namespace hcs::emulator {

// For the methods of channel/protocol.h that change a system or start a process.
Status StoppedAnswer(std::string_view method);

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_STOPPED_ANSWERS_H_
