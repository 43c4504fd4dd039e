// The names of a layer that is being imported, and their places on disk.
//
// Folders whose entry has Linux' mode ($LXMOD) are case-sensitive, as WSL's are; in all
// others names that differ in case alone are one. On disk, what a parent has in another
// spelling gets the parent's, so that the union of both is of one file.

#ifndef HCS_CORE_EMULATOR_LAYERS_IMPORT_NAMES_H_
#define HCS_CORE_EMULATOR_LAYERS_IMPORT_NAMES_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/emulator/layers/parent_trees.h"
#include "core/emulator/outcome.h"

namespace hcs::emulator {

// A folder into which entries may come.
struct ImportFolder {
  std::u16string key;     // Of the set of names.
  std::string disk_path;  // Relative to the layer's folder.
  bool case_sensitive = false;
  bool has_entry = false;      // False of one that is there for the sake of others.
  bool hides_parents = false;  // The parents have nothing that would be seen in it.
};

// What the layer has under a name so far.
enum class NameState : uint8_t {
  kNone,
  kFile,     // Or a folder that leads elsewhere: nothing can be below it.
  kRemoved,  // A tombstone.
  kFolder,
};

struct ImportPlace {
  ImportFolder* parent = nullptr;  // Nothing when it is on no disk: see Find.
  std::u16string key;
  std::string disk_name;
  NameState state = NameState::kNone;
  bool parents_have_it = false;
  bool parents_have_folder = false;

  std::string disk_path() const;
};

// Not thread-safe. Memory: some bytes for each name, the paths of folders.
class ImportNames {
 public:
  // Told of a folder of the parents' that is needed in this layer, too, for the sake of
  // what is in it; makes it.
  class FolderMaker {
   public:
    virtual ~FolderMaker() = default;
    virtual Status MakeImplicitFolder(const std::string& disk_path) = 0;
  };

  // Both must outlive it.
  ImportNames(ParentTrees* parents, FolderMaker* maker) : parents_(parents), maker_(maker) {}
  ImportNames(const ImportNames&) = delete;
  ImportNames& operator=(const ImportNames&) = delete;

  // Where `components` (of SplitLayerName) belong. 0x80070003 when what they would be in is
  // in neither this layer nor the parents; for one that is to be removed, that is a place
  // without a parent: there is nothing to hide.
  Outcome<ImportPlace> Find(const std::vector<std::u16string>& components, bool to_remove);

  // Notes what is there now. The second returns the folder, valid as long as this is;
  // nullptr when it has had its entry already.
  void Note(const ImportPlace& place, NameState state);
  ImportFolder* NoteFolder(const ImportPlace& place);

 private:
  Outcome<ImportFolder*> Enter(ImportFolder* parent, const std::u16string& component,
                               bool to_remove);
  ImportPlace Look(ImportFolder* parent, const std::u16string& component);
  NameState StateOf(const std::u16string& key) const;
  ImportFolder* AddFolder(const ImportPlace& place);

  ParentTrees* parents_;
  FolderMaker* maker_;
  ImportFolder root_;
  std::unordered_map<std::u16string, ImportFolder> folders_;
  // A hash of each key, not the key: of a million names, two have the same in one layer
  // of forty million, and it is refused.
  std::unordered_map<uint64_t, NameState> others_;
  // The folder of the entry before.
  std::vector<std::u16string> last_components_;
  ImportFolder* last_folder_ = nullptr;
};

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_LAYERS_IMPORT_NAMES_H_
