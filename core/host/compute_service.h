// The host compute service: the way to every compute system.
//
// core/host is the only caller of the C table. Each function of the table is one
// blocking method here, on ComputeSystem or on Process; a host that lacks the
// export answers UNIMPLEMENTED, naming it.

#ifndef HCS_CORE_HOST_COMPUTE_SERVICE_H_
#define HCS_CORE_HOST_COMPUTE_SERVICE_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/abi/vmcompute.h"
#include "core/host/call_monitor.h"
#include "core/host/completion.h"
#include "core/host/compute_system.h"
#include "core/host/layer_content.h"
#include "core/host/layers.h"
#include "core/host/table_caller.h"

namespace hcs::host {

// kPending: SystemCreateCompleted follows, so register at once.
struct CreatedSystem {
  ComputeSystem system;
  Completion completion;
};

// Thread-safe. Must outlive every ComputeSystem, Process and Registration that
// comes from it.
class ComputeService {
 public:
  // `table` must outlive this.
  explicit ComputeService(const abi::HcsFunctionTable& table) : caller_(table), layers_(caller_) {}

  ComputeService(const ComputeService&) = delete;
  ComputeService& operator=(const ComputeService&) = delete;

  // A JSON array of hcs.v1.ContainerProperties' documents. `query` is
  // hcs.v1.EnumerationQuery's document.
  absl::StatusOr<std::string> Enumerate(std::string_view query) const;
  absl::StatusOr<CreatedSystem> Create(std::string_view id, std::string_view configuration) const;
  absl::StatusOr<ComputeSystem> Open(std::string_view id) const;

  absl::StatusOr<std::string> GetServiceProperties(std::string_view query) const;
  absl::Status ModifyServiceSettings(std::string_view settings) const;

  // HNS' response document, which says itself whether the request succeeded.
  absl::StatusOr<std::string> CallHns(std::string_view method, std::string_view path,
                                      std::string_view request) const;

  const Layers& layers() const { return layers_; }

  // Begin an import or export of a layer's content, which must not outlive this; see there.
  absl::StatusOr<std::unique_ptr<LayerImport>> ImportLayer(
      const LayerAddress& layer, const std::vector<std::string>& parents) const {
    return LayerImport::Begin(caller_, layer, parents);
  }
  absl::StatusOr<std::unique_ptr<LayerExport>> ExportLayer(
      const LayerAddress& layer, const std::vector<std::string>& parents) const {
    return LayerExport::Begin(caller_, layer, parents);
  }

  // Names of the exports that this host lacks.
  std::vector<std::string_view> MissingExports() const;
  // The Go API's IsTP4: whether the host does not export HNSCall.
  bool IsTp4() const;

  // The calls of the table that have not returned, the oldest first.
  std::vector<CallInFlight> CallsInFlight() const { return caller_.monitor().Snapshot(); }

 private:
  TableCaller caller_;
  const Layers layers_;
};

}  // namespace hcs::host

#endif  // HCS_CORE_HOST_COMPUTE_SERVICE_H_
