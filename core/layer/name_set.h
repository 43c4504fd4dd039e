// The names that a layer has so far.

#ifndef HCS_CORE_LAYER_NAME_SET_H_
#define HCS_CORE_LAYER_NAME_SET_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "absl/container/flat_hash_map.h"

namespace hcs::layer {

enum class NameKind : uint8_t {
  kNone,
  kFile,
  kDirectory,
  kReparseDirectory,  // Leads elsewhere: nothing can be below it.
  kRemoved,
};

// Whether names that differ in case alone are one name.
enum class NameCase : uint8_t {
  kIgnored,  // As Windows compares names.
  kCounts,   // As Linux does.
};

// Keeps 64 bits of a hash for each name, not the name, so that a layer of a million
// files costs tens of megabytes and not hundreds. Two names of one hash are taken
// for one: of a million names, that happens to one layer in forty million.
class NameSet {
 public:
  explicit NameSet(NameCase name_case = NameCase::kIgnored) : case_(name_case) {}

  // False, with nothing changed, when the name is there already. What is removed may be added
  // after that, once: it hides what the parents have under the name.
  bool Insert(std::string_view name, NameKind kind);

  NameKind Find(std::string_view name) const;

  NameCase name_case() const { return case_; }

 private:
  uint64_t HashOf(std::string_view name) const;

  NameCase case_;
  absl::flat_hash_map<uint64_t, NameKind> kinds_;
};

}  // namespace hcs::layer

#endif  // HCS_CORE_LAYER_NAME_SET_H_
