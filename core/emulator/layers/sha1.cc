#include "core/emulator/layers/sha1.h"

#include <bit>
#include <cstddef>
#include <string>

namespace hcs::emulator {
namespace {

constexpr size_t kBlockBytes = 64;
constexpr size_t kLengthBytes = 8;

using State = std::array<uint32_t, 5>;

// The bytes, a bit that is set, zeros, and the length in bits at the end of a block.
std::string Padded(std::string_view bytes) {
  std::string padded(bytes);
  padded.push_back('\x80');
  while (padded.size() % kBlockBytes != kBlockBytes - kLengthBytes) padded.push_back('\0');
  const uint64_t bits = uint64_t{bytes.size()} * 8;
  for (int shift = 56; shift >= 0; shift -= 8) padded.push_back(static_cast<char>(bits >> shift));
  return padded;
}

std::array<uint32_t, 80> Schedule(std::string_view block) {
  std::array<uint32_t, 80> words{};
  for (size_t i = 0; i < kBlockBytes; ++i) {
    words[i / 4] = words[i / 4] << 8 | static_cast<uint8_t>(block[i]);
  }
  for (size_t i = 16; i < words.size(); ++i) {
    words[i] = std::rotl(words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16], 1);
  }
  return words;
}

// The function and the constant of a round.
uint32_t Mix(size_t round, uint32_t b, uint32_t c, uint32_t d) {
  if (round < 20) return ((b & c) | (~b & d)) + 0x5A827999;
  if (round < 40) return (b ^ c ^ d) + 0x6ED9EBA1;
  if (round < 60) return ((b & c) | (b & d) | (c & d)) + 0x8F1BBCDC;
  return (b ^ c ^ d) + 0xCA62C1D6;
}

void AddBlock(State* state, std::string_view block) {
  const std::array<uint32_t, 80> words = Schedule(block);
  auto [a, b, c, d, e] = *state;
  for (size_t round = 0; round < words.size(); ++round) {
    const uint32_t next = std::rotl(a, 5) + Mix(round, b, c, d) + e + words[round];
    e = d;
    d = c;
    c = std::rotl(b, 30);
    b = a;
    a = next;
  }
  const State sum{a, b, c, d, e};
  for (size_t i = 0; i < sum.size(); ++i) (*state)[i] += sum[i];
}

}  // namespace

std::array<uint8_t, 20> Sha1(std::string_view bytes) {
  State state{0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
  const std::string padded = Padded(bytes);
  for (size_t at = 0; at < padded.size(); at += kBlockBytes) {
    AddBlock(&state, std::string_view(padded).substr(at, kBlockBytes));
  }
  std::array<uint8_t, 20> digest{};
  for (size_t i = 0; i < digest.size(); ++i) {
    digest[i] = static_cast<uint8_t>(state[i / 4] >> (24 - 8 * (i % 4)));
  }
  return digest;
}

}  // namespace hcs::emulator
