// What can be told of layers: by the host, by what is beside them on disk, and by what
// the daemon knows.

#ifndef HCS_CORE_RUNTIME_LAYER_VIEW_H_
#define HCS_CORE_RUNTIME_LAYER_VIEW_H_

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/host/layer_address.h"
#include "hcs/v1/layer_service.pb.h"

namespace hcs::runtime {

struct Services;

// One look at layers, for one answer. Every method blocks: it calls the table and reads
// files. `services` must outlive it.
class LayerView {
 public:
  struct Details {
    bool size = false;
    bool users = false;
  };

  // Tells no users among the layers on disk.
  explicit LayerView(Services& services) : services_(services) {}
  // Reads who is whose parent among the layers in `folder`.
  LayerView(Services& services, const std::string& folder);

  // NOT_FOUND: the host has no such layer.
  absl::StatusOr<v1::LayerInfo> Describe(const host::LayerAddress& layer, const Details& details);

  // OK, or FAILED_PRECONDITION that names what uses the layer (see DestroyLayer).
  static absl::Status CheckUnused(const v1::LayerInfo& layer);

 private:
  void AddChildren(v1::LayerInfo* layer);
  void AddContainers(v1::LayerInfo* layer) const;
  void AddImages(v1::LayerInfo* layer) const;

  Services& services_;
  // The paths of the layers in the folder that have a layer (by its LayerKey) as parent.
  std::map<std::string, std::vector<std::string>> children_;
};

// The folder that has the layer's folder in it.
std::string FolderAround(const host::LayerAddress& layer);

// The names in `folder` that may be layers, in order. NOT_FOUND: there is no such folder
// on this machine.
absl::StatusOr<std::vector<std::string>> NamesIn(const std::string& folder);

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_LAYER_VIEW_H_
