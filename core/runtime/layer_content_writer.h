// A layer that is being imported: made in the host, recorded, told. Whole, or not at all.

#ifndef HCS_CORE_RUNTIME_LAYER_CONTENT_WRITER_H_
#define HCS_CORE_RUNTIME_LAYER_CONTENT_WRITER_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/host/layer_address.h"
#include "core/layer/layer_entry.h"
#include "core/layer/name_set.h"
#include "core/runtime/layer_scratch.h"

namespace hcs::layer {
class TransportFolderWriter;
}

namespace hcs::runtime {

struct Services;
class HostEntryWriter;

// Of the bytes that a layer came as: "sha256:..." each, or empty.
struct LayerDigests {
  std::string compressed;  // OCI's digest of the blob.
  std::string raw;         // OCI's diff id.
};

// Two ways lead into the host. One is ImportLayerBegin and what follows it, with no copy
// on the way. Hosts without it get a transport folder, in the daemon's scratch, and
// ImportLayer. Neither can express hard links; they are made in the layer's own folder
// afterwards, which must then be on this machine.
//
// While it lives, its caller has the layer's turn. A daemon that dies meanwhile destroys
// the layer at its next start. Every method blocks, the destructor too.
class LayerContentWriter : public layer::LayerWriter {
 public:
  // `services` must outlive this; `parents` are full paths, nearest first. ALREADY_EXISTS:
  // the host has the layer, or there is something else in its place. UNIMPLEMENTED: it has neither
  // way. `name_case` says what two names of a layer like this one may be (a Linux image's may
  // differ in case alone); the host may be stricter.
  static absl::StatusOr<std::unique_ptr<LayerContentWriter>> Begin(
      Services& services, const host::LayerAddress& layer, std::vector<std::string> parents,
      layer::NameCase name_case = layer::NameCase::kIgnored);
  // Without a Commit that succeeded: destroys what there is of the layer.
  ~LayerContentWriter() override;

  absl::Status Add(const layer::LayerEntry& entry) override;
  absl::Status Write(std::string_view piece) override;
  // Makes the layer whole, and then what is kept of it (see RecordLayer) and its event.
  absl::Status Commit() override;

  // What is recorded of the layer besides; before Commit.
  void SetDigests(LayerDigests digests) { digests_ = std::move(digests); }

 private:
  LayerContentWriter(Services& services, host::LayerAddress layer, std::vector<std::string> parents,
                     ScratchFolder scratch);

  absl::Status Begin(layer::NameCase name_case);
  layer::LayerWriter& way();
  absl::Status Finish();
  void Record();

  Services& services_;
  const host::LayerAddress layer_;
  const std::vector<std::string> parents_;
  ScratchFolder scratch_;
  // One of the two.
  std::unique_ptr<HostEntryWriter> entries_;
  std::unique_ptr<layer::TransportFolderWriter> folder_;
  LayerDigests digests_;
  bool begun_ = false;  // The host may have something of the layer.
  absl::Status failure_;
};

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_LAYER_CONTENT_WRITER_H_
