// One ExportLayer of the contract, whose messages are pulled.

#ifndef HCS_CORE_RUNTIME_LAYER_EXPORT_SESSION_H_
#define HCS_CORE_RUNTIME_LAYER_EXPORT_SESSION_H_

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "core/host/layer_address.h"
#include "core/runtime/call.h"
#include "core/runtime/layer_output.h"
#include "core/runtime/layer_progress.h"
#include "core/runtime/layer_turns.h"
#include "hcs/v1/layer_service.pb.h"

namespace hcs::runtime {

struct Services;

// Methods may be called from any thread, and return at once. No thread waits for the client:
// one of the call pool works while fewer than kMessagesAhead are ready.
class LayerExportSession : public std::enable_shared_from_this<LayerExportSession> {
 public:
  static constexpr size_t kMessagesAhead = 2;

  struct End {
    absl::Status status;
  };
  using Next = std::variant<v1::ExportLayerResponse, End>;

  // `services` must outlive this. `wake` runs, with no lock held, when there may be something
  // to pull.
  static std::shared_ptr<LayerExportSession> Make(Services& services, CallContext context,
                                                  absl::AnyInvocable<void()> wake);

  LayerExportSession(const LayerExportSession&) = delete;
  LayerExportSession& operator=(const LayerExportSession&) = delete;

  // Once, and first.
  void Start(const v1::ExportLayerRequest& request);

  // By one thread at a time.
  std::optional<Next> Pull();

  // The client is gone: nothing more is read of the layer.
  void Disconnect();

 private:
  LayerExportSession(Services& services, CallContext context, absl::AnyInvocable<void()> wake);

  absl::Status Check(const v1::ExportLayerRequest& request);
  void PostWork();
  void Work();
  absl::Status Open();
  bool WorksOn() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Close(absl::Status status);

  Services& services_;
  const CallContext context_;
  absl::AnyInvocable<void()> wake_;

  // Set by Start.
  v1::ExportLayerRequest request_;
  host::LayerAddress layer_;
  std::vector<std::string> parents_;

  // These belong to whoever is busy.
  LayerTurns::Turn turn_;
  std::unique_ptr<LayerOutput> output_;
  std::unique_ptr<LayerProgress> progress_;

  absl::Mutex mutex_;
  bool busy_ ABSL_GUARDED_BY(mutex_) = true;  // Until Start is over.
  bool gone_ ABSL_GUARDED_BY(mutex_) = false;
  std::deque<v1::ExportLayerResponse> ready_ ABSL_GUARDED_BY(mutex_);
  std::optional<absl::Status> end_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_LAYER_EXPORT_SESSION_H_
