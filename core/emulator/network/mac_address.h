// Ethernet addresses as values.

#ifndef HCS_CORE_EMULATOR_NETWORK_MAC_ADDRESS_H_
#define HCS_CORE_EMULATOR_NETWORK_MAC_ADDRESS_H_

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hcs::emulator::hns {

class MacAddress {
 public:
  MacAddress() = default;
  // Of the low 48 bits.
  explicit MacAddress(uint64_t number) : number_(number & 0xFFFFFFFFFFFFu) {}

  // Reads what people write, in either case: 00-15-5D-0A-0B-0C, 00:15:5D:0A:0B:0C,
  // 0015.5D0A.0B0C, 00155D-0A0B0C, 00155D0A0B0C.
  static std::optional<MacAddress> Parse(std::string_view text);

  uint64_t number() const { return number_; }
  // HNS' own spelling: 00-15-5D-0A-0B-0C.
  std::string Text() const;
  // Neither a group's address nor the one that is all zeros: an adapter can have it.
  bool IsUnicast() const { return number_ != 0 && (number_ >> 40 & 1) == 0; }

  auto operator<=>(const MacAddress&) const = default;

 private:
  uint64_t number_ = 0;
};

}  // namespace hcs::emulator::hns

#endif  // HCS_CORE_EMULATOR_NETWORK_MAC_ADDRESS_H_
