// A walk through a layer's folder on disk, beside its parents' folders: what is in it, in
// the order of names, and what each of them is a changed copy of.

#ifndef HCS_CORE_EMULATOR_LAYERS_TREE_WALK_H_
#define HCS_CORE_EMULATOR_LAYERS_TREE_WALK_H_

#include <sys/stat.h>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/emulator/outcome.h"
#include "core/platform/unique_fd.h"

namespace hcs::emulator {

// What is found at one place of the tree.
struct WalkedItem {
  int folder = -1;  // Where it is: the walk's, until the next call.
  std::string disk_name;
  std::string disk_path;  // Relative to the layer's folder.
  struct stat status = {};
  bool is_removed = false;  // A whiteout: hides what the parents have.
  bool is_opaque = false;   // A folder that hides what the parents have in it.
  // The nearest parent that has the same there: a file of the same kind, a link to the
  // same place.
  std::optional<size_t> parent;
  struct stat parent_status = {};
  // The nearest that has anything there.
  std::optional<size_t> parent_of_name;
};

// Not thread-safe. Follows no symbolic link.
class TreeWalk {
 public:
  // The layer's folder and its parents', nearest first. Walks Files, Hives, UtilityVM and
  // what is in UtilityVM's Files.
  static Outcome<TreeWalk> Begin(const std::string& layer, const std::vector<std::string>& parents);

  // The next one, folders before what is in them; nothing at the end. 0x80070020 when the
  // tree is being changed.
  Outcome<std::optional<WalkedItem>> Next();

 private:
  struct ParentFolder {
    size_t parent;
    platform::UniqueFd folder;
  };
  struct Level {
    std::string disk_path;
    platform::UniqueFd folder;
    std::vector<std::string> names;
    size_t next = 0;
    std::vector<ParentFolder> parents;  // Those whose folders are seen in this one.
  };

  TreeWalk() = default;

  Outcome<std::optional<WalkedItem>> Look(const Level& level, const std::string& name);
  Status Enter(const WalkedItem& item);

  std::vector<Level> levels_;
};

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_LAYERS_TREE_WALK_H_
