// What the parents of a layer have in a folder: the names, as Windows compares them, for
// those of a layer that is imported over them.

#ifndef HCS_CORE_EMULATOR_LAYERS_PARENT_TREES_H_
#define HCS_CORE_EMULATOR_LAYERS_PARENT_TREES_H_

#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/emulator/outcome.h"
#include "core/platform/unique_fd.h"

namespace hcs::emulator {

// Not thread-safe. Keeps the listings of the folders that were asked for last.
class ParentTrees {
 public:
  // The folders of layers, nearest first; they must outlive this, and not change.
  static Outcome<ParentTrees> Open(const std::vector<std::string>& layers);

  bool empty() const { return layers_.empty(); }

  struct Item {
    std::string disk_name;  // In that layer's own spelling.
    bool is_folder = false;
    bool is_removed = false;
  };

  // What is called `component` in the folder `path` ("Files/a") of the nearest layer that
  // knows of it. Nothing when none does.
  std::optional<Item> Find(const std::string& path, std::u16string_view component,
                           bool case_sensitive);

  // Whether the metadata of a layer says so of the folder `path`. The first call reads all
  // of it. VMCOMPUTE_INVALID_LAYER when it is broken.
  Outcome<bool> IsCaseSensitive(const std::string& path);

  // The folder `path` of the nearest layer that has it. Empty when none has.
  platform::UniqueFd OpenNearest(const std::string& path) const;

 private:
  using Listing = std::unordered_map<std::u16string, Item>;
  struct Listed {
    std::string path;
    bool case_sensitive = false;
    Listing names;
  };

  const Listing& List(const std::string& path, bool case_sensitive);
  Status ReadCaseSensitive();

  std::vector<std::string> paths_;
  std::vector<platform::UniqueFd> layers_;
  std::list<Listed> listed_;  // What was used last is first.
  std::optional<std::unordered_set<std::string>> case_sensitive_;
};

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_LAYERS_PARENT_TREES_H_
