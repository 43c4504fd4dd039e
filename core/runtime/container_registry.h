// The containers that the daemon owns, by id.

#ifndef HCS_CORE_RUNTIME_CONTAINER_REGISTRY_H_
#define HCS_CORE_RUNTIME_CONTAINER_REGISTRY_H_

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "hcs/v1/container_service.pb.h"

namespace hcs::runtime {

class Container;

// Thread-safe. Looking one up does not depend on how many there are, but for
// the logarithm.
class ContainerRegistry {
 public:
  // ALREADY_EXISTS (VMCOMPUTE_SYSTEM_ALREADY_EXISTS) when its id is taken by one
  // that has not stopped. One that has is replaced, and returned in `replaced`.
  absl::Status Add(std::shared_ptr<Container> container, std::shared_ptr<Container>* replaced);

  // NOT_FOUND (VMCOMPUTE_SYSTEM_NOT_FOUND).
  absl::StatusOr<std::shared_ptr<Container>> Find(std::string_view id) const;

  // False when `container` is not there (any more).
  bool Remove(const Container& container);

  // Those after `after` that match, in the order of their ids, at most `limit`;
  // `more` says whether there are others.
  std::vector<v1::Container> List(std::string_view after, size_t limit,
                                  const v1::ContainerFilter& filter, bool* more) const;

  std::vector<std::shared_ptr<Container>> All() const;
  size_t size() const;

 private:
  std::vector<std::shared_ptr<Container>> After(std::string_view after,
                                                std::string_view prefix) const;

  mutable absl::Mutex mutex_;
  std::map<std::string, std::shared_ptr<Container>, std::less<>> containers_
      ABSL_GUARDED_BY(mutex_);
};

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_CONTAINER_REGISTRY_H_
