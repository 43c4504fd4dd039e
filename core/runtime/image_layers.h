// The layers of images, in the host: made, and destroyed. All of it blocks.

#ifndef HCS_CORE_RUNTIME_IMAGE_LAYERS_H_
#define HCS_CORE_RUNTIME_IMAGE_LAYERS_H_

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/image/archived_image.h"
#include "core/runtime/layer_turns.h"
#include "hcs/v1/image_service.pb.h"

namespace hcs::runtime {

class ImageStore;
struct Services;

// A layer that an image needs.
struct PlannedLayer {
  std::string chain_id;
  std::string path;
  std::vector<std::string> parents;  // Full paths, nearest first.
  std::string digest;
  std::string diff_id;
  std::filesystem::path blob;
  uint64_t blob_bytes = 0;
  bool windows = false;   // Its tar is a Windows layer's.
  bool is_there = false;  // In the host, as far as was known when it was planned.
};

// Those of all images, each once, parents before their children.
std::vector<PlannedLayer> PlanLayers(const ImageStore& store,
                                     const std::vector<image::ArchivedImage>& images);

// Asks the host which are there.
absl::Status FindLayers(Services& services, std::vector<PlannedLayer>* layers);

// Layers that are to be made for itself; those that are there, that they stay.
LayerClaim ClaimOf(const std::vector<PlannedLayer>& layers);

// Told now and then; a status that is not OK stops the work, and is its error.
using LayerProgressReport = absl::FunctionRef<absl::Status(const v1::ImportLayerProgress&)>;

// Layers that were made for an image: destroyed again, the last first, unless they are kept.
class MadeLayers {
 public:
  explicit MadeLayers(Services& services) : services_(services) {}
  ~MadeLayers();

  MadeLayers(const MadeLayers&) = delete;
  MadeLayers& operator=(const MadeLayers&) = delete;

  // Makes those that are not there, in order. Whoever calls has their turn. An error names the
  // layer.
  absl::Status Make(const std::vector<PlannedLayer>& layers, LayerProgressReport report);
  void Keep() { paths_.clear(); }
  int made() const { return made_; }

 private:
  absl::Status MakeOne(const PlannedLayer& layer, v1::ImportLayerProgress progress,
                       LayerProgressReport report);

  Services& services_;
  std::vector<std::string> paths_;
  int made_ = 0;
};

// Destroys a layer and what is known of it. What cannot be destroyed is reported, and tried
// again at the daemon's next start.
void DestroyImageLayer(Services& services, const std::string& path);

// Destroys the layers in the store's folder that no image has: what a daemon that died while it
// imported or removed an image has left.
void RecoverImageLayers(Services& services);

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_IMAGE_LAYERS_H_
