// What happens to images, as events.

#ifndef HCS_CORE_RUNTIME_IMAGE_EVENTS_H_
#define HCS_CORE_RUNTIME_IMAGE_EVENTS_H_

#include <string>
#include <vector>

#include "core/runtime/image_store.h"
#include "hcs/v1/event_service.pb.h"

namespace hcs::runtime {

struct Services;

// `reference` may be empty.
void AppendImageEvent(Services& services, v1::EventType type, const std::string& image_id,
                      const std::string& reference);

// One for each name that was taken from an image.
void AppendUntagged(Services& services, const std::vector<NameChange>& untagged);

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_IMAGE_EVENTS_H_
