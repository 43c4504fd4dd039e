#include "core/layer/name_set.h"

#include <string>
#include <utility>

#include "absl/hash/hash.h"
#include "core/layer/layer_name.h"

namespace hcs::layer {

// Seeded anew in every process, so that nobody can prepare two names of one hash.
uint64_t NameSet::HashOf(std::string_view name) const {
  return absl::Hash<std::string>()(case_ == NameCase::kCounts ? std::string(name)
                                                              : UpperCaseName(name));
}

bool NameSet::Insert(std::string_view name, NameKind kind) {
  const auto [place, is_new] = kinds_.try_emplace(HashOf(name), kind);
  if (is_new) return true;
  if (place->second != NameKind::kRemoved || kind == NameKind::kRemoved) return false;
  place->second = kind;
  return true;
}

NameKind NameSet::Find(std::string_view name) const {
  const auto found = kinds_.find(HashOf(name));
  return found == kinds_.end() ? NameKind::kNone : found->second;
}

}  // namespace hcs::layer
