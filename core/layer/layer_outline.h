// Which names a layer has, and whether another entry fits in.

#ifndef HCS_CORE_LAYER_LAYER_OUTLINE_H_
#define HCS_CORE_LAYER_LAYER_OUTLINE_H_

#include <string_view>

#include "absl/status/status.h"
#include "core/layer/layer_entry.h"
#include "core/layer/name_set.h"

namespace hcs::layer {

// Told every entry in order. Memory: some tens of bytes for each (NameSet).
class LayerOutline {
 public:
  // Without parents, what a hard link leads to must be in the layer itself.
  explicit LayerOutline(bool has_parents, NameCase name_case = NameCase::kIgnored)
      : has_parents_(has_parents), names_(name_case) {}

  // INVALID_ARGUMENT, with the name and the rule: it is there already (what is removed may be
  // added after that: it hides what the parents have under the name); its folder is not there
  // before it (Files and Hives always are; a removal's may be in a parent) or is none; a hard
  // link to what is not there, or is no file, or between places that Windows does not link.
  absl::Status Add(const LayerEntry& entry);

  // What the layer has under the name so far.
  NameKind Find(std::string_view name) const { return names_.Find(name); }

  // An alternate stream of the file `name`. INVALID_ARGUMENT: it has one of that name.
  absl::Status AddStream(std::string_view name, std::string_view stream);

 private:
  std::string_view TwiceRule(const LayerEntry& entry) const;
  absl::Status CheckFolder(const LayerEntry& entry) const;
  absl::Status CheckLink(const LayerEntry& entry) const;

  const bool has_parents_;
  NameSet names_;
};

}  // namespace hcs::layer

#endif  // HCS_CORE_LAYER_LAYER_OUTLINE_H_
