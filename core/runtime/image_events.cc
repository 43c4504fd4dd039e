#include "core/runtime/image_events.h"

#include <utility>

#include "core/runtime/services.h"

namespace hcs::runtime {

void AppendImageEvent(Services& services, v1::EventType type, const std::string& image_id,
                      const std::string& reference) {
  v1::Event event;
  event.set_type(type);
  event.set_image_id(image_id);
  event.set_image_reference(reference);
  services.journal.Append(std::move(event));
}

void AppendUntagged(Services& services, const std::vector<NameChange>& untagged) {
  for (const NameChange& change : untagged) {
    AppendImageEvent(services, v1::EVENT_TYPE_IMAGE_UNTAGGED, change.image_id, change.reference);
  }
}

}  // namespace hcs::runtime
