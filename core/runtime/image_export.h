// One ExportImage: images become an archive, piece by piece.

#ifndef HCS_CORE_RUNTIME_IMAGE_EXPORT_H_
#define HCS_CORE_RUNTIME_IMAGE_EXPORT_H_

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "core/image/archive_writer.h"
#include "core/runtime/call.h"
#include "core/runtime/layer_turns.h"
#include "hcs/v1/image_service.pb.h"

namespace hcs::runtime {

struct Services;

// The next piece is read once the one before was pulled; so memory is two pieces. The images
// stay as long as it lives. Every method may be called from any thread and returns at once.
class ImageExport : public std::enable_shared_from_this<ImageExport> {
  struct Made {};

 public:
  struct End {
    absl::Status status;
  };
  using Pulled = std::variant<v1::ExportImageResponse, End>;

  // `wake` is called, from any thread, when there is something to pull. `services` must outlive
  // this and its work.
  static std::shared_ptr<ImageExport> New(Services& services, CallContext context,
                                          absl::AnyInvocable<void()> wake);
  ImageExport(Made, Services& services, CallContext context, absl::AnyInvocable<void()> wake);

  // Once.
  void Begin(const v1::ExportImageRequest& request);
  std::optional<Pulled> Pull();
  // The client is gone.
  void Cancel();

 private:
  void TakeTurn(std::vector<std::string> names);
  absl::Status Open(const std::vector<std::string>& names);
  void ReadNext();
  void Tell(Pulled told);

  Services& services_;
  const CallContext context_;
  absl::AnyInvocable<void()> wake_;

  // Of whoever reads.
  LayerTurns::Turn turn_;
  std::unique_ptr<image::ArchiveWriter> writer_;

  absl::Mutex mutex_;
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
  std::optional<Pulled> waiting_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_IMAGE_EXPORT_H_
