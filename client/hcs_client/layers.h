// Layers: hcs.v1.LayerService, called and waited for.
//
// What each call does and how it fails is said in layer_service.proto. Every method blocks
// until the daemon has answered or the call's time limit has run out, and may be called from
// any thread.

#ifndef HCS_CLIENT_HCS_CLIENT_LAYERS_H_
#define HCS_CLIENT_HCS_CLIENT_LAYERS_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/hcs_client/call_options.h"
#include "client/hcs_client/message_stream.h"
#include "hcs/v1/layer_service.pb.h"

namespace hcs::client {

struct Connection;

// In either of the contract's two ways: a home folder and a name in it, or no home folder and
// the full path of the layer's folder.
struct LayerName {
  std::string home_folder;
  std::string id;
};

using LayerExportStream = MessageStream<v1::ExportLayerResponse>;

// Cheap to copy.
class Layers {
 public:
  explicit Layers(std::shared_ptr<Connection> connection) : connection_(std::move(connection)) {}

  // `parent` may be empty.
  absl::StatusOr<v1::LayerInfo> Create(const LayerName& layer, const std::string& parent,
                                       const CallOptions& options = {}) const;
  // `parents` are full paths, nearest first, here and below.
  absl::StatusOr<v1::LayerInfo> CreateSandbox(const LayerName& layer,
                                              const std::vector<std::string>& parents,
                                              const CallOptions& options = {}) const;
  absl::StatusOr<v1::LayerInfo> Get(const LayerName& layer, bool with_size,
                                    const CallOptions& options = {}) const;
  // All pages, ordered by id. The time limit is for each page.
  absl::StatusOr<std::vector<v1::LayerInfo>> List(const std::string& home_folder, bool with_size,
                                                  const CallOptions& options = {}) const;
  absl::StatusOr<v1::LayerInfo> Activate(const LayerName& layer,
                                         const CallOptions& options = {}) const;
  absl::StatusOr<v1::LayerInfo> Deactivate(const LayerName& layer,
                                           const CallOptions& options = {}) const;
  absl::StatusOr<v1::LayerInfo> Prepare(const LayerName& layer,
                                        const std::vector<std::string>& parents,
                                        const CallOptions& options = {}) const;
  absl::StatusOr<v1::LayerInfo> Unprepare(const LayerName& layer,
                                          const CallOptions& options = {}) const;
  absl::StatusOr<std::string> GetMountPath(const LayerName& layer,
                                           const CallOptions& options = {}) const;
  absl::StatusOr<v1::LayerInfo> ExpandSandbox(const LayerName& layer, uint64_t size_bytes,
                                              const CallOptions& options = {}) const;
  absl::Status Destroy(const LayerName& layer, const CallOptions& options = {}) const;
  absl::StatusOr<std::string> NameToGuid(const std::string& name,
                                         const CallOptions& options = {}) const;

  // Gives the tar's next bytes, at most 1 MiB; none at its end. An error ends the import,
  // which leaves nothing, and is its own.
  using Source = std::function<absl::StatusOr<std::string>()>;
  // The same of entries: no parts at their end.
  using ContentSource = std::function<absl::StatusOr<v1::LayerContent>()>;
  // The source is no longer asked once the daemon has answered, as when it has the layer.
  absl::StatusOr<v1::ImportLayerResponse> Import(const v1::ImportLayerSpec& spec,
                                                 const Source& source,
                                                 const CallOptions& options = {}) const;
  absl::StatusOr<v1::ImportLayerResponse> Import(const v1::ImportLayerSpec& spec,
                                                 const ContentSource& source,
                                                 const CallOptions& options = {}) const;

  // What comes is whole when the summary, its last message, has come.
  std::unique_ptr<LayerExportStream> Export(const v1::ExportLayerRequest& request,
                                            const CallOptions& options = {}) const;

 private:
  std::shared_ptr<Connection> connection_;
};

}  // namespace hcs::client

#endif  // HCS_CLIENT_HCS_CLIENT_LAYERS_H_
