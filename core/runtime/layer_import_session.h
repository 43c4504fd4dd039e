// One ImportLayer of the contract, message by message.

#ifndef HCS_CORE_RUNTIME_LAYER_IMPORT_SESSION_H_
#define HCS_CORE_RUNTIME_LAYER_IMPORT_SESSION_H_

#include <cstdint>
#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "core/runtime/call.h"
#include "core/runtime/executor.h"
#include "core/runtime/io_loop.h"
#include "core/runtime/layer_intake.h"
#include "core/runtime/layer_turns.h"
#include "hcs/v1/layer_service.pb.h"

namespace hcs::runtime {

struct Services;

// Takes one message at a time: the next one when `accepted` has run. Methods may be called
// from any thread, and return at once. No thread waits for the client: a thread of the call
// pool works while there is a message. What a session that ended without success has begun
// is destroyed before it is answered, but for one that was aborted, whose caller is gone.
class LayerImportSession : public std::enable_shared_from_this<LayerImportSession> {
 public:
  // `services` must outlive this. `accepted` and `done` run on a thread of the runtime, or on
  // the caller's, with no lock held; they must not block. `done` runs once.
  static std::shared_ptr<LayerImportSession> Make(Services& services, CallContext context,
                                                  absl::AnyInvocable<void()> accepted,
                                                  Done<v1::ImportLayerResponse> done);
  // It must have been aborted, or been answered.
  ~LayerImportSession() = default;

  LayerImportSession(const LayerImportSession&) = delete;
  LayerImportSession& operator=(const LayerImportSession&) = delete;

  void Give(v1::ImportLayerRequest message);

  // Ends it, unless it has ended, with `reason`, which is no OK. What is under way in the
  // host comes first.
  void Abort(absl::Status reason);

 private:
  using Answer = absl::StatusOr<v1::ImportLayerResponse>;

  LayerImportSession(Services& services, CallContext context, absl::AnyInvocable<void()> accepted,
                     Done<v1::ImportLayerResponse> done);

  // These are called by whoever is busy.
  void Start(const v1::ImportLayerSpec& spec);
  void TakeTurn(WantedLayer wanted, const CallContext& context);
  void PostWork(Task work);
  void Open(WantedLayer wanted);
  void Work(v1::ImportLayerRequest message);
  void Rest();
  void Close(Answer answer);

  absl::Status AbortReason();
  void NoteSilence(uint64_t messages);

  Services& services_;
  const CallContext context_;
  absl::AnyInvocable<void()> accepted_;

  // These belong to whoever is busy.
  bool started_ = false;
  Done<v1::ImportLayerResponse> done_;  // The caller's; then the request cache's.
  LayerTurns::Turn turn_;
  std::unique_ptr<LayerIntake> intake_;

  absl::Mutex mutex_;
  uint64_t messages_ ABSL_GUARDED_BY(mutex_) = 0;
  // Also when it has ended.
  bool busy_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status aborted_ ABSL_GUARDED_BY(mutex_);
  std::unique_ptr<Timer> silence_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_LAYER_IMPORT_SESSION_H_
