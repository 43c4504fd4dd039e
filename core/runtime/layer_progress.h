// Tells those who watch events how far a long import or export has come.

#ifndef HCS_CORE_RUNTIME_LAYER_PROGRESS_H_
#define HCS_CORE_RUNTIME_LAYER_PROGRESS_H_

#include <cstdint>

#include "absl/time/time.h"
#include "hcs/v1/event_service.pb.h"

namespace hcs::runtime {

struct Services;

// One thread at a time.
class LayerProgress {
 public:
  // `services` must outlive this. `known` is what every event of it says: layer_path,
  // layer_progress' operation, and perhaps its total.
  LayerProgress(Services& services, v1::Event known);

  // An event, if the last one, or the beginning, is long enough ago.
  void Note(uint64_t bytes, uint64_t entries);

 private:
  Services& services_;
  const v1::Event known_;
  absl::Time next_;
};

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_LAYER_PROGRESS_H_
