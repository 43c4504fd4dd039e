// SHA-1 (FIPS 180-4), for name-based GUIDs alone: nothing here is a secret or a proof.

#ifndef HCS_CORE_EMULATOR_LAYERS_SHA1_H_
#define HCS_CORE_EMULATOR_LAYERS_SHA1_H_

#include <array>
#include <cstdint>
#include <string_view>

namespace hcs::emulator {

std::array<uint8_t, 20> Sha1(std::string_view bytes);

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_LAYERS_SHA1_H_
