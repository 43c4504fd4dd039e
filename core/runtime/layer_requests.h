// The fields by which requests name layers: checked, and as the host takes them.

#ifndef HCS_CORE_RUNTIME_LAYER_REQUESTS_H_
#define HCS_CORE_RUNTIME_LAYER_REQUESTS_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/host/layer_address.h"
#include "core/runtime/layer_turns.h"
#include "google/protobuf/repeated_ptr_field.h"

namespace hcs::runtime {

// Errors are INVALID_ARGUMENT and name the field.

// As layer_service.proto says: absolute, of either kind, and without "." and "..".
absl::Status CheckLayerPath(std::string_view field, std::string_view path);

template <typename Request>
absl::StatusOr<host::LayerAddress> AddressIn(const Request& request);
absl::StatusOr<host::LayerAddress> CheckedAddress(const std::string& home_folder,
                                                  const std::string& id);

// At most 128 paths, and as many as `least`.
absl::StatusOr<std::vector<std::string>> CheckedParents(
    const google::protobuf::RepeatedPtrField<std::string>& parents, int least);

// The layer for itself, and that its parents stay.
LayerClaim ClaimOf(std::string_view operation, const std::string& path,
                   const std::vector<std::string>& parents = {});

template <typename Request>
absl::StatusOr<host::LayerAddress> AddressIn(const Request& request) {
  return CheckedAddress(request.home_folder(), request.id());
}

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_LAYER_REQUESTS_H_
