// A folder of several layers, as their union has it.

#ifndef HCS_CORE_EMULATOR_LAYERS_MERGED_FOLDER_H_
#define HCS_CORE_EMULATOR_LAYERS_MERGED_FOLDER_H_

#include <sys/stat.h>

#include <map>
#include <string>
#include <vector>

#include "core/emulator/outcome.h"
#include "core/platform/unique_fd.h"

namespace hcs::emulator {

// Not thread-safe. The layers must not change while it lives.
class MergedFolder {
 public:
  struct Item {
    int folder = -1;  // The layer's folder that it is in; this object's.
    struct stat status = {};
  };

  // Folders, nearest first; the first is what the whole is in rights and times.
  static Outcome<MergedFolder> Open(const std::vector<std::string>& folders);
  static Outcome<MergedFolder> Of(platform::UniqueFd folder);

  // By name; what is removed or hidden is not among them.
  const std::map<std::string, Item>& items() const { return items_; }
  int nearest() const { return folders_.front().get(); }

  // The folder `name`, which is one of the items.
  Outcome<MergedFolder> Enter(const std::string& name) const;

 private:
  MergedFolder() = default;

  // False when nothing of layers further away is seen through it.
  bool Add(platform::UniqueFd folder);
  Status List();

  std::vector<platform::UniqueFd> folders_;
  std::map<std::string, Item> items_;
};

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_LAYERS_MERGED_FOLDER_H_
