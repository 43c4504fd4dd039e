// Names of HNS' objects, since HNS finds objects by their ids alone.

#ifndef HCS_CORE_RUNTIME_NETWORK_NAMES_H_
#define HCS_CORE_RUNTIME_NETWORK_NAMES_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/btree_set.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"

namespace hcs::runtime {

// What the daemon has last seen: a hint. Others may have changed it since, so that who
// finds an id here asks HNS whether the object still has that name.
//
// Thread-safe. Of one kind of objects; ids are those of network::ParseObjectId. Looking a
// name up does not depend on how many there are.
class NetworkNames {
 public:
  struct Entry {
    std::string id;
    std::string name;
  };

  // In order. Empty when none is known.
  std::vector<std::string> Find(std::string_view name) const;

  // These are all that there are.
  void Replace(std::vector<Entry> all);
  // There is one more, or it has another name now.
  void Set(const std::string& id, const std::string& name);
  void Remove(const std::string& id);

 private:
  void RemoveLocked(const std::string& id) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void SetLocked(const std::string& id, const std::string& name)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable absl::Mutex mutex_;
  absl::flat_hash_map<std::string, absl::btree_set<std::string>> ids_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<std::string, std::string> names_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_NETWORK_NAMES_H_
