// What the cases ask of the operating system they run on; one file per system.

#ifndef HCS_TESTS_CONFORMANCE_THIS_SYSTEM_H_
#define HCS_TESTS_CONFORMANCE_THIS_SYSTEM_H_

#include <cstddef>
#include <cstdint>
#include <optional>

#include "tests/conformance/programs.h"

namespace hcs::conformance {

// For containers that run this system's own programs.
const Programs& NativePrograms();

// Of this process.
size_t OwnHandles();
size_t OwnThreads();
uint64_t OwnResidentBytes();

// User and kernel time of any process; nullopt when it cannot be seen.
std::optional<uint64_t> ProcessorTimeOf(uint32_t process_id);

}  // namespace hcs::conformance

#endif  // HCS_TESTS_CONFORMANCE_THIS_SYSTEM_H_
