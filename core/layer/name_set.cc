#include "core/layer/name_set.h"

#include <string>

#include "absl/hash/hash.h"
#include "core/layer/layer_name.h"

namespace hcs::layer {
namespace {

// Seeded anew in every process, so that nobody can prepare two names of one hash.
uint64_t HashOf(std::string_view name) { return absl::Hash<std::string>()(UpperCaseName(name)); }

}  // namespace

bool NameSet::Insert(std::string_view name, NameKind kind) {
  return kinds_.try_emplace(HashOf(name), kind).second;
}

NameKind NameSet::Find(std::string_view name) const {
  const auto found = kinds_.find(HashOf(name));
  return found == kinds_.end() ? NameKind::kNone : found->second;
}

}  // namespace hcs::layer
