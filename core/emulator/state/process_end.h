// Waiting for a process that need not be a child.

#ifndef HCS_CORE_EMULATOR_STATE_PROCESS_END_H_
#define HCS_CORE_EMULATOR_STATE_PROCESS_END_H_

namespace hcs::emulator {

// True once the process `pid` has ended (reaped or not) or does not exist; false after
// `timeout_ms`.
bool AwaitProcessEnd(int pid, int timeout_ms);

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_STATE_PROCESS_END_H_
