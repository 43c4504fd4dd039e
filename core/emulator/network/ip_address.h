// IP addresses and prefixes as values.

#ifndef HCS_CORE_EMULATOR_NETWORK_IP_ADDRESS_H_
#define HCS_CORE_EMULATOR_NETWORK_IP_ADDRESS_H_

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hcs::emulator::hns {

enum class IpFamily : uint8_t { kV4, kV6 };

// "IPv4" or "IPv6".
const char* NameOf(IpFamily family);

class IpAddress {
 public:
  // The textual forms of RFC 4291 and dotted quads, no zone, nothing around them.
  static std::optional<IpAddress> Parse(std::string_view text);

  IpFamily family() const { return family_; }
  // 32 or 128.
  int bits() const { return family_ == IpFamily::kV4 ? 32 : 128; }
  // Dotted, or as RFC 5952 has it.
  std::string Text() const;
  // 0.0.0.0 or ::.
  bool IsUnspecified() const;

  // Bits from `length` on are cleared, or set.
  IpAddress First(int length) const;
  IpAddress Last(int length) const;

  // The address `offset` after this one. Not beyond the end of the family.
  IpAddress Plus(uint64_t offset) const;
  // How far this one is after `base`, of the same family; nullopt when it is before it or
  // farther than a uint64_t can say.
  std::optional<uint64_t> OffsetFrom(const IpAddress& base) const;

  auto operator<=>(const IpAddress&) const = default;

  struct Hash {
    size_t operator()(const IpAddress& address) const;
  };

 private:
  size_t size() const { return static_cast<size_t>(bits()) / 8; }

  IpFamily family_ = IpFamily::kV4;
  std::array<uint8_t, 16> bytes_{};  // Big-endian; the first 4 of an IPv4 address.
};

// An address and how many bits of it count: 10.0.0.0/8.
class IpPrefix {
 public:
  // "ADDRESS/LENGTH"; bits after the length may be set and are cleared. `text` without
  // a length is nullopt.
  static std::optional<IpPrefix> Parse(std::string_view text);

  IpFamily family() const { return first_.family(); }
  int length() const { return length_; }
  // Bits that differ within the prefix.
  int host_bits() const { return first_.bits() - length_; }
  const IpAddress& first() const { return first_; }
  IpAddress last() const { return first_.Last(length_); }
  std::string Text() const { return first_.Text() + "/" + std::to_string(length_); }

  bool Contains(const IpAddress& address) const;
  bool Overlaps(const IpPrefix& other) const;

  bool operator==(const IpPrefix&) const = default;

 private:
  IpPrefix(IpAddress first, int length) : first_(first), length_(length) {}

  IpAddress first_;
  int length_ = 0;
};

}  // namespace hcs::emulator::hns

#endif  // HCS_CORE_EMULATOR_NETWORK_IP_ADDRESS_H_
