#include "core/emulator/network/ip_address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace hcs::emulator::hns {
namespace {

int SystemFamily(IpFamily family) { return family == IpFamily::kV4 ? AF_INET : AF_INET6; }

}  // namespace

const char* NameOf(IpFamily family) { return family == IpFamily::kV4 ? "IPv4" : "IPv6"; }

std::optional<IpAddress> IpAddress::Parse(std::string_view text) {
  // Text with a NUL in it would end there for inet_pton.
  if (text.size() >= INET6_ADDRSTRLEN || text.find('\0') != std::string_view::npos) {
    return std::nullopt;
  }
  const std::string copy(text);
  IpAddress address;
  for (const IpFamily family : {IpFamily::kV4, IpFamily::kV6}) {
    address.family_ = family;
    if (inet_pton(SystemFamily(family), copy.c_str(), address.bytes_.data()) == 1) return address;
  }
  return std::nullopt;
}

std::string IpAddress::Text() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(SystemFamily(family_), bytes_.data(), text.data(), text.size());
  return text.data();
}

bool IpAddress::IsUnspecified() const {
  return std::all_of(bytes_.begin(), bytes_.end(), [](uint8_t byte) { return byte == 0; });
}

IpAddress IpAddress::First(int length) const {
  IpAddress first = *this;
  for (int bit = length; bit < bits(); ++bit) {
    first.bytes_[static_cast<size_t>(bit) / 8] &= static_cast<uint8_t>(~(0x80u >> (bit % 8)));
  }
  return first;
}

IpAddress IpAddress::Last(int length) const {
  IpAddress last = *this;
  for (int bit = length; bit < bits(); ++bit) {
    last.bytes_[static_cast<size_t>(bit) / 8] |= static_cast<uint8_t>(0x80u >> (bit % 8));
  }
  return last;
}

IpAddress IpAddress::Plus(uint64_t offset) const {
  IpAddress sum = *this;
  uint64_t carry = 0;
  for (size_t i = size(); i-- > 0 && (offset != 0 || carry != 0);) {
    carry += sum.bytes_[i] + (offset & 0xFF);
    sum.bytes_[i] = static_cast<uint8_t>(carry);
    carry >>= 8;
    offset >>= 8;
  }
  return sum;
}

std::optional<uint64_t> IpAddress::OffsetFrom(const IpAddress& base) const {
  if (family_ != base.family_ || *this < base) return std::nullopt;
  uint64_t offset = 0;
  int borrow = 0;
  for (size_t i = size(); i-- > 0;) {
    const int digit = bytes_[i] - base.bytes_[i] - borrow;
    borrow = digit < 0 ? 1 : 0;
    const auto byte = static_cast<uint8_t>(digit);
    const size_t place = size() - 1 - i;
    if (place < sizeof(offset)) {
      offset |= uint64_t{byte} << (8 * place);
    } else if (byte != 0) {
      return std::nullopt;
    }
  }
  return offset;
}

size_t IpAddress::Hash::operator()(const IpAddress& address) const {
  // FNV-1a: the addresses of one subnet differ in their last bytes alone.
  uint64_t hash = 0xCBF29CE484222325u;
  for (const uint8_t byte : address.bytes_) hash = (hash ^ byte) * 0x100000001B3u;
  return static_cast<size_t>(hash);
}

std::optional<IpPrefix> IpPrefix::Parse(std::string_view text) {
  const size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const std::optional<IpAddress> address = IpAddress::Parse(text.substr(0, slash));
  if (!address) return std::nullopt;
  const std::string_view digits = text.substr(slash + 1);
  unsigned length = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), length);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  if (length > static_cast<unsigned>(address->bits())) return std::nullopt;
  return IpPrefix(address->First(static_cast<int>(length)), static_cast<int>(length));
}

bool IpPrefix::Contains(const IpAddress& address) const {
  return address.family() == family() && address.First(length_) == first_;
}

bool IpPrefix::Overlaps(const IpPrefix& other) const {
  return Contains(other.first_) || other.Contains(first_);
}

}  // namespace hcs::emulator::hns
