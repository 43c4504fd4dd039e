// What the messages of an ImportLayer become: a layer.

#ifndef HCS_CORE_RUNTIME_LAYER_INTAKE_H_
#define HCS_CORE_RUNTIME_LAYER_INTAKE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/runtime/layer_content_writer.h"
#include "core/runtime/layer_progress.h"
#include "core/runtime/layer_tar_intake.h"
#include "hcs/v1/layer_service.pb.h"

namespace hcs::runtime {

// A spec that has been checked.
struct WantedLayer {
  // INVALID_ARGUMENT, naming the field.
  static absl::StatusOr<WantedLayer> From(const v1::ImportLayerSpec& spec);

  host::LayerAddress layer;
  std::vector<std::string> parents;
  v1::ImportLayerSpec spec;
};

// The answer, if the layer that the spec wants is there already (see ImportLayer). Blocks.
absl::StatusOr<std::optional<v1::ImportLayerResponse>> FindImported(Services& services,
                                                                    const WantedLayer& wanted);

// One import, while its caller has the layer's turn. Destroyed before Finish has succeeded,
// it leaves nothing of the layer. One thread at a time; every method blocks, the destructor
// too.
class LayerIntake {
 public:
  // `services` must outlive this. Errors: LayerContentWriter::Begin's.
  static absl::StatusOr<std::unique_ptr<LayerIntake>> Begin(Services& services, WantedLayer import);

  // What comes between spec and done: `message` is emptied. After an error nothing but
  // destruction makes sense.
  absl::Status Take(v1::ImportLayerRequest* message);
  // `done` has come. Once.
  absl::StatusOr<v1::ImportLayerResponse> Finish();

 private:
  LayerIntake(Services& services, WantedLayer import, std::unique_ptr<LayerContentWriter> writer);

  absl::Status TakeContent(v1::LayerContent* content);
  absl::Status FinishTar(v1::ImportLayerResponse* response);
  absl::Status CheckDigests() const;

  Services& services_;
  const WantedLayer import_;
  const std::unique_ptr<LayerContentWriter> writer_;
  std::optional<LayerTarIntake> tar_;  // Of that format.
  LayerProgress progress_;
  uint64_t entries_ = 0;
  uint64_t stream_bytes_ = 0;
};

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_LAYER_INTAKE_H_
