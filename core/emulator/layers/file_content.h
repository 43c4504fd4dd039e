// The content of a layer's files, on disk.

#ifndef HCS_CORE_EMULATOR_LAYERS_FILE_CONTENT_H_
#define HCS_CORE_EMULATOR_LAYERS_FILE_CONTENT_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "core/emulator/outcome.h"

namespace hcs::emulator {

// Writes all of the bytes, from `offset` on. An error is said of `what`.
Status WriteAt(int file, uint64_t offset, std::string_view bytes, const std::string& what);

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_LAYERS_FILE_CONTENT_H_
