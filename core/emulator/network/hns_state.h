// HNS' objects, in memory and on disk in step: what the operations work on.

#ifndef HCS_CORE_EMULATOR_NETWORK_HNS_STATE_H_
#define HCS_CORE_EMULATOR_NETWORK_HNS_STATE_H_

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/emulator/documents/json_text.h"
#include "core/emulator/network/datapath.h"
#include "core/emulator/network/hns_model.h"
#include "core/emulator/network/object_store.h"
#include "core/emulator/outcome.h"

namespace hcs::emulator::hns {

// The RuntimeId of the compute system that has the id; nullopt when there is none.
using FindSystem = std::function<std::optional<std::string>(const std::string& id)>;

// Not thread-safe. But for CatchUp, what is here needs the store's lock.
class HnsState {
 public:
  // `datapath` may be nullptr, and otherwise outlives this object.
  HnsState(ObjectStore store, FindSystem find_system, Datapath* datapath)
      : store_(std::move(store)), find_system_(std::move(find_system)), datapath_(datapath) {}

  // Takes the store's lock, and brings the model up to what others have done.
  Outcome<ObjectStore::Lock> CatchUp();

  HnsModel& model() { return model_; }
  const HnsModel& model() const { return model_; }
  Datapath* datapath() const { return datapath_; }
  std::optional<std::string> RuntimeIdOf(const std::string& system) const {
    return find_system_(system);
  }

  // For when something has broken off half-way: the next CatchUp reads everything again.
  void Distrust() { store_.Distrust(); }

  // Writes the object down and learns it. On a failure the model is as it was.
  Status Put(Kind kind, const std::string& id, const Json& record);
  // `releases` are the journal's lines of what becomes free.
  Status Erase(Kind kind, const std::string& id, const std::vector<std::string>& releases = {});

  // Why there is no object of this id: `code`, and the name of a damaged record.
  Status Missing(Kind kind, const std::string& id, abi::HRESULT code) const;

 private:
  void LearnFromDisk(Kind kind, const std::string& id);
  void LearnAll();

  ObjectStore store_;
  HnsModel model_;
  const FindSystem find_system_;
  Datapath* const datapath_;
};

}  // namespace hcs::emulator::hns

#endif  // HCS_CORE_EMULATOR_NETWORK_HNS_STATE_H_
