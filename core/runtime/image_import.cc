#include "core/runtime/image_import.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "core/document/invalid_field.h"
#include "core/image/digest.h"
#include "core/platform/own_process.h"
#include "core/runtime/image_events.h"
#include "core/runtime/image_store.h"
#include "core/runtime/lane_call.h"
#include "core/runtime/services.h"

namespace hcs::runtime {
namespace {

constexpr int kMostReferences = 64;
constexpr absl::Duration kProgressInterval = absl::Milliseconds(200);
// Until the layers that were there stayed while their turn was waited for.
constexpr int kMostAttempts = 5;

// What this host runs, best first: Linux' programs where it is an emulated one on Linux.
image::PlatformWish DefaultWish(const HostDescription& host) {
  image::PlatformWish wish;
  const std::string system = absl::AsciiStrToLower(platform::OperatingSystemName());
  v1::ImagePlatform platform;
  platform.set_architecture(image::MachineArchitecture());
  if (host.kind == "emulated" && system == "linux") {
    platform.set_os(system);
    wish.order.push_back(platform);
  }
  platform.set_os("windows");
  if (host.build_number != 0) {
    platform.set_os_version(absl::StrCat("10.0.", host.build_number, ".0"));
  }
  wish.order.push_back(platform);
  return wish;
}

v1::Image Describe(const image::ArchivedImage& archived, const ImageStore& store) {
  v1::Image image;
  image.set_id(image::DigestOf(archived.configuration_document));
  image.set_digest(image::DigestOf(archived.manifest_document));
  *image.mutable_platform() = image::PlatformOf(archived.configuration);
  if (archived.configuration.has_created()) {
    *image.mutable_create_time() = archived.configuration.created();
  }
  std::string chain;
  for (const image::ArchivedLayer& layer : archived.layers) {
    chain = image::ChainId(chain, layer.diff_id);
    v1::ImageLayer& described = *image.add_layers();
    described.set_digest(layer.blob.digest);
    described.set_media_type(layer.descriptor.media_type());
    described.set_size_bytes(static_cast<int64_t>(layer.blob.size));
    described.set_diff_id(layer.diff_id);
    described.set_chain_id(chain);
    described.set_path(store.LayerPath(chain));
    image.set_size_bytes(image.size_bytes() + described.size_bytes());
  }
  return image;
}

NewImage NewImageOf(const image::ArchivedImage& archived, const ImageStore& store) {
  NewImage image{Describe(archived, store),
                 archived.references,
                 archived.manifest_document,
                 archived.configuration_document,
                 {}};
  for (const image::ArchivedLayer& layer : archived.layers) {
    image.blobs[layer.blob.digest] = layer.blob.path;
  }
  return image;
}

}  // namespace

std::shared_ptr<ImageImport> ImageImport::New(Services& services, CallContext context,
                                              absl::AnyInvocable<void()> wake) {
  return std::make_shared<ImageImport>(Made(), services, std::move(context), std::move(wake));
}

ImageImport::ImageImport(Made, Services& services, CallContext context,
                         absl::AnyInvocable<void()> wake)
    : services_(services), context_(std::move(context)), wake_(std::move(wake)) {}

absl::Status ImageImport::ReadStart(const v1::ImportImageStart& start) {
  if (start.references_size() > kMostReferences) {
    return document::InvalidField("start.references",
                                  absl::StrCat("must not be more than ", kMostReferences));
  }
  for (int i = 0; i < start.references_size(); ++i) {
    const std::string field = absl::StrCat("start.references[", i, "]");
    const auto reference = image::ParseReference(start.references(i));
    if (!reference.ok()) {
      return document::InvalidField(field, std::string(reference.status().message()));
    }
    if (!reference->digest.empty()) return document::InvalidField(field, "must have no digest");
    references_.push_back(*reference);
  }
  wish_ = start.has_platform() ? image::PlatformWish{{start.platform()}, true}
                               : DefaultWish(services_.options.host);
  return absl::OkStatus();
}

absl::Status ImageImport::OpenSpool() {
  auto scratch = services_.layer_scratch->MakeFolder();
  if (!scratch.ok()) return scratch.status();
  auto spool = std::make_shared<Spool>();
  spool->scratch = *std::move(scratch);
  auto archive = image::ArchiveSpool::Open(spool->scratch.path());
  if (!archive.ok()) return archive.status();
  spool->archive = *std::move(archive);
  absl::MutexLock lock(&mutex_);
  spool_ = std::move(spool);
  return absl::OkStatus();
}

void ImageImport::Start(const v1::ImportImageStart& start, Accepted accepted) {
  if (absl::Status read = ReadStart(start); !read.ok()) {
    Settle(read);
    std::move(accepted)(read);
    return;
  }
  Work([this] { return OpenSpool(); }, std::move(accepted));
}

void ImageImport::Write(std::string bytes, Accepted accepted) {
  Work(
      [this, bytes = std::move(bytes)] {
        absl::Status written = spool_->archive->Write(bytes);
        TellReceived(bytes.size());
        return written;
      },
      std::move(accepted));
}

// One step of the client's, which leaves the import ready for the next.
void ImageImport::Work(absl::AnyInvocable<absl::Status() &&> work, Accepted accepted) {
  {
    absl::MutexLock lock(&mutex_);
    if (!end_) working_ = true;
  }
  if (absl::Status status = CheckNotCancelled(); !status.ok()) {
    return std::move(accepted)(status);
  }
  CallOnLane(
      services_.layer_changes, CallLane::Priority::kOrdinary,
      [self = shared_from_this(), accepted = std::move(accepted)](absl::Status status) mutable {
        if (status.ok()) {
          absl::MutexLock lock(&self->mutex_);
          self->working_ = false;
          if (self->end_) {
            self->LetSpoolGo();
            status = *self->end_;
          }
        } else {
          self->Settle(status);
        }
        std::move(accepted)(status);
      },
      [self = shared_from_this(), work = std::move(work)](auto done) mutable {
        std::move(done)(std::move(work)());
      });
}

void ImageImport::Finish() {
  Work([this] { return ReadArchive(); },
       [self = shared_from_this()](const absl::Status& status) {
         if (status.ok()) self->TakeTurn(1);
       });
}

absl::Status ImageImport::ReadArchive() {
  if (absl::Status status = spool_->archive->Finish(); !status.ok()) return status;
  auto images = image::ReadImages(*spool_->archive, wish_);
  if (!images.ok()) return images.status();
  images_ = *std::move(images);
  if (!references_.empty()) {
    if (images_.size() > 1) {
      return document::InvalidField(
          "start.references",
          absl::StrCat("must be empty: the archive has ", images_.size(), " images"));
    }
    images_.front().references = references_;
  }
  layers_ = PlanLayers(*services_.images, images_);
  return FindLayers(services_, &layers_);
}

void ImageImport::TakeTurn(int attempt) {
  {
    absl::MutexLock lock(&mutex_);
    if (end_) return;
    working_ = true;
  }
  services_.layer_turns.Take(
      ClaimOf(layers_), context_,
      [self = shared_from_this(), attempt](absl::StatusOr<LayerTurns::Turn> turn) {
        if (!turn.ok()) return self->Settle(turn.status());
        CallOnLane(
            self->services_.layer_changes, CallLane::Priority::kOrdinary,
            [self](absl::Status status) { self->Settle(std::move(status)); },
            [self, attempt, turn = *std::move(turn)](auto) mutable {
              self->Build(std::move(turn), attempt);
            });
      });
}

void ImageImport::Build(LayerTurns::Turn turn, int attempt) {
  const std::vector<PlannedLayer> planned = layers_;
  absl::Status status = FindLayers(services_, &layers_);
  const bool stayed =
      std::ranges::equal(planned, layers_, {}, &PlannedLayer::is_there, &PlannedLayer::is_there);
  if (status.ok() && !stayed && attempt < kMostAttempts) {
    turn = LayerTurns::Turn();
    return TakeTurn(attempt + 1);
  }
  v1::ImportImageResult result;
  if (status.ok()) status = MakeImages(&result);
  turn = LayerTurns::Turn();
  if (!status.ok()) return Settle(std::move(status));
  Settle(absl::OkStatus(), std::move(result));
}

absl::Status ImageImport::MakeImages(v1::ImportImageResult* result) {
  MadeLayers made(services_);
  absl::Status status = made.Make(
      layers_, [this](const v1::ImportLayerProgress& progress) { return TellLayer(progress); });
  if (status.ok()) status = CheckNotCancelled();
  if (!status.ok()) return status;
  std::vector<NewImage> added;
  added.reserve(images_.size());
  for (const image::ArchivedImage& archived : images_) {
    added.push_back(NewImageOf(archived, *services_.images));
  }
  std::vector<NameChange> untagged;
  auto images = services_.images->Add(std::move(added), &untagged);
  if (!images.ok()) return images.status();
  made.Keep();
  AppendUntagged(services_, untagged);
  for (v1::Image& image : *images) {
    AppendImageEvent(services_, v1::EVENT_TYPE_IMAGE_IMPORTED, image.id(),
                     image.references_size() > 0 ? image.references(0) : "");
    *result->add_images() = std::move(image);
  }
  result->set_imported_layers(made.made());
  result->set_present_layers(static_cast<int32_t>(layers_.size()) - made.made());
  return absl::OkStatus();
}

bool ImageImport::IsDue() {
  const absl::Time now = absl::Now();
  progress_waits_ = true;
  if (now < next_progress_) return false;
  next_progress_ = now + kProgressInterval;
  return true;
}

void ImageImport::TellReceived(size_t bytes) {
  {
    absl::MutexLock lock(&mutex_);
    progress_.set_received_bytes(progress_.received_bytes() + static_cast<int64_t>(bytes));
    if (!IsDue()) return;
  }
  wake_();
}

absl::Status ImageImport::TellLayer(const v1::ImportLayerProgress& progress) {
  {
    absl::MutexLock lock(&mutex_);
    if (end_) return *end_;
    *progress_.mutable_layer() = progress;
    if (!IsDue()) return absl::OkStatus();
  }
  wake_();
  return absl::OkStatus();
}

absl::Status ImageImport::CheckNotCancelled() const {
  absl::MutexLock lock(&mutex_);
  return end_ ? *end_ : absl::OkStatus();
}

void ImageImport::Settle(absl::Status status, std::optional<v1::ImportImageResult> result) {
  {
    absl::MutexLock lock(&mutex_);
    working_ = false;
    LetSpoolGo();
    if (!end_) {
      end_ = std::move(status);
      result_ = std::move(result);
    }
  }
  wake_();
}

// Its folder is removed by a thread that may block.
void ImageImport::LetSpoolGo() {
  if (!spool_) return;
  services_.calls.Post([spool = std::move(spool_)]() mutable { spool.reset(); });
}

std::optional<ImageImport::Pulled> ImageImport::Pull() {
  absl::MutexLock lock(&mutex_);
  v1::ImportImageResponse response;
  if (result_) {
    *response.mutable_result() = *std::exchange(result_, std::nullopt);
    return response;
  }
  if (end_) {
    if (std::exchange(end_told_, true)) return std::nullopt;
    return End{*end_};
  }
  if (!std::exchange(progress_waits_, false)) return std::nullopt;
  *response.mutable_progress() = progress_;
  return response;
}

void ImageImport::Cancel() {
  {
    absl::MutexLock lock(&mutex_);
    if (!end_) end_ = absl::CancelledError("the client is gone");
    if (!working_) LetSpoolGo();
  }
  context_.cancellation->Cancel();
}

}  // namespace hcs::runtime
