// The host's layers, typed: what the table's layer functions do, one method each.

#ifndef HCS_CORE_HOST_LAYERS_H_
#define HCS_CORE_HOST_LAYERS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/host/layer_address.h"
#include "core/host/table_caller.h"

namespace hcs::host {

// Thread-safe. Every method blocks for as long as the host takes. Failures are those of
// TableCaller, with the layer's path as their object. `parents` are full paths, nearest
// first, base last; see LayerDescriptors for how they can be refused.
class Layers {
 public:
  // `caller` must outlive this.
  explicit Layers(const TableCaller& caller) : caller_(caller) {}

  Layers(const Layers&) = delete;
  Layers& operator=(const Layers&) = delete;

  // `parent` may be empty; it is named as the layer's own id is.
  absl::Status Create(const LayerAddress& layer, std::string_view parent) const;
  // At least one parent. With a home folder, the nearest is also named by its id, as the
  // API of 2016 does.
  absl::Status CreateSandbox(const LayerAddress& layer,
                             const std::vector<std::string>& parents) const;
  absl::StatusOr<bool> Exists(const LayerAddress& layer) const;
  absl::Status Activate(const LayerAddress& layer) const;
  absl::Status Deactivate(const LayerAddress& layer) const;
  // One at a time on a host: the caller sees to it.
  absl::Status Prepare(const LayerAddress& layer, const std::vector<std::string>& parents) const;
  absl::Status Unprepare(const LayerAddress& layer) const;
  absl::StatusOr<std::string> GetMountPath(const LayerAddress& layer) const;
  absl::Status ExpandSandbox(const LayerAddress& layer, uint64_t bytes) const;
  absl::Status Destroy(const LayerAddress& layer) const;

  // From and into a transport folder.
  absl::Status Import(const LayerAddress& layer, std::string_view folder,
                      const std::vector<std::string>& parents) const;
  absl::Status Export(const LayerAddress& layer, std::string_view folder,
                      const std::vector<std::string>& parents) const;

  absl::Status ProcessBaseImage(std::string_view path) const;
  absl::Status ProcessUtilityImage(std::string_view path) const;
  // A JSON document, as it came.
  absl::StatusOr<std::string> GetBaseImages() const;
  // As GuidText writes it.
  absl::StatusOr<std::string> NameToGuid(std::string_view name) const;

 private:
  const TableCaller& caller_;
};

}  // namespace hcs::host

#endif  // HCS_CORE_HOST_LAYERS_H_
