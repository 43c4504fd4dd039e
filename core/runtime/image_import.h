// One ImportImage: an archive that comes in pieces becomes images.

#ifndef HCS_CORE_RUNTIME_IMAGE_IMPORT_H_
#define HCS_CORE_RUNTIME_IMAGE_IMPORT_H_

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "core/image/archive_spool.h"
#include "core/image/archived_image.h"
#include "core/runtime/call.h"
#include "core/runtime/image_layers.h"
#include "core/runtime/layer_scratch.h"
#include "core/runtime/layer_turns.h"
#include "hcs/v1/image_service.pb.h"

namespace hcs::runtime {

struct Services;

// The archive is written into a scratch folder as it comes. Once it is whole, its layers' turns
// are taken, those that are not there are made, and then the images are kept, all or none.
//
// Every method may be called from any thread and returns at once: the work is done on the
// runtime's threads. Start, Write and Finish come one after another, each once the one before
// has been accepted. After an error nothing of it is left but for Pull to tell.
class ImageImport : public std::enable_shared_from_this<ImageImport> {
  struct Made {};

 public:
  struct End {
    absl::Status status;
  };
  using Pulled = std::variant<v1::ImportImageResponse, End>;
  // Called once. An error is what the import has ended with.
  using Accepted = absl::AnyInvocable<void(const absl::Status&) &&>;

  // `wake` is called, from any thread, when there is something to pull. `services` must outlive
  // this and its work.
  static std::shared_ptr<ImageImport> New(Services& services, CallContext context,
                                          absl::AnyInvocable<void()> wake);
  ImageImport(Made, Services& services, CallContext context, absl::AnyInvocable<void()> wake);

  // INVALID_ARGUMENT, naming the field.
  void Start(const v1::ImportImageStart& start, Accepted accepted);
  void Write(std::string bytes, Accepted accepted);
  // All bytes came.
  void Finish();

  // The next message, or the end. Progress that was not pulled in time is left out.
  std::optional<Pulled> Pull();

  // The client is gone: ends it with CANCELLED, wherever it is.
  void Cancel();

 private:
  struct Spool {
    ScratchFolder scratch;
    std::unique_ptr<image::ArchiveSpool> archive;
  };

  absl::Status ReadStart(const v1::ImportImageStart& start);
  absl::Status OpenSpool();
  void Work(absl::AnyInvocable<absl::Status() &&> work, Accepted accepted);
  void TakeTurn(int attempt);
  absl::Status ReadArchive();
  void Build(LayerTurns::Turn turn, int attempt);
  absl::Status MakeImages(v1::ImportImageResult* result);
  absl::Status TellLayer(const v1::ImportLayerProgress& progress);
  void TellReceived(size_t bytes);
  absl::Status CheckNotCancelled() const;
  // Ends the work: with a result, or for a reason.
  void Settle(absl::Status status, std::optional<v1::ImportImageResult> result = std::nullopt);
  bool IsDue() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void LetSpoolGo() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  Services& services_;
  const CallContext context_;
  absl::AnyInvocable<void()> wake_;
  image::PlatformWish wish_;
  std::vector<image::Reference> references_;

  // Of whoever works.
  std::shared_ptr<Spool> spool_;
  std::vector<image::ArchivedImage> images_;
  std::vector<PlannedLayer> layers_;

  mutable absl::Mutex mutex_;
  bool working_ ABSL_GUARDED_BY(mutex_) = false;
  std::optional<absl::Status> end_ ABSL_GUARDED_BY(mutex_);
  bool end_told_ ABSL_GUARDED_BY(mutex_) = false;
  v1::ImportImageProgress progress_ ABSL_GUARDED_BY(mutex_);
  bool progress_waits_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Time next_progress_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  std::optional<v1::ImportImageResult> result_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_IMAGE_IMPORT_H_
