#include "tests/fuzz/target.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>

namespace hcs::fuzz {
namespace {

// FNV-1a.
uint64_t Hash(std::string_view bytes) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const char byte : bytes) hash = (hash ^ static_cast<uint8_t>(byte)) * 0x100000001b3;
  return hash;
}

}  // namespace

void WriteSeeds(const std::string& folder) {
  const std::vector<std::string> seeds = Seeds();
  for (size_t i = 0; i < seeds.size(); ++i) {
    std::ofstream file(folder + "/seed-" + std::to_string(i), std::ios::binary);
    file << seeds[i];
    file.close();
    Require(file.good(), "seeds can be written to the folder");
  }
}

void Require(bool kept, std::string_view promise) {
  if (kept) return;
  std::fprintf(stderr, "broken promise: %.*s\n", static_cast<int>(promise.size()), promise.data());
  std::abort();
}

void RequireOk(const absl::Status& status, std::string_view promise) {
  if (!status.ok()) Require(false, std::string(promise) + ": " + status.ToString());
}

size_t PieceBytes(std::string_view input) {
  const uint64_t hash = Hash(input);
  // Small pieces and large ones are equally likely.
  const uint64_t limit = uint64_t{1} << (hash % 13);
  return 1 + (hash >> 32) % limit;
}

}  // namespace hcs::fuzz
