#include "core/runtime/image_export.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/document/invalid_field.h"
#include "core/runtime/image_store.h"
#include "core/runtime/lane_call.h"
#include "core/runtime/layer_chain.h"
#include "core/runtime/services.h"

namespace hcs::runtime {
namespace {

constexpr int kMostImages = 64;

// The image, with the names that are to be in the archive: all of them, if it was named by its
// id, else that one.
absl::StatusOr<image::ImageContent> ContentOf(const ImageStore& store, const std::string& name) {
  const absl::StatusOr<v1::Image> image = store.Find(name);
  if (!image.ok()) return image.status();
  absl::StatusOr<image::ImageContent> content = store.ReadContent(*image);
  if (!content.ok()) return content;
  const std::optional<std::string> meant = NameMeant(*image, name);
  if (meant) {
    std::erase_if(content->references,
                  [&](const image::Reference& reference) { return reference.Text() != *meant; });
  }
  return content;
}

// Several names of one image are one image.
void AddContent(image::ImageContent added, std::vector<image::ImageContent>* contents) {
  for (image::ImageContent& content : *contents) {
    if (content.manifest_document != added.manifest_document) continue;
    content.references.insert(content.references.end(), added.references.begin(),
                              added.references.end());
    return;
  }
  contents->push_back(std::move(added));
}

}  // namespace

std::shared_ptr<ImageExport> ImageExport::New(Services& services, CallContext context,
                                              absl::AnyInvocable<void()> wake) {
  return std::make_shared<ImageExport>(Made(), services, std::move(context), std::move(wake));
}

ImageExport::ImageExport(Made, Services& services, CallContext context,
                         absl::AnyInvocable<void()> wake)
    : services_(services), context_(std::move(context)), wake_(std::move(wake)) {}

void ImageExport::Begin(const v1::ExportImageRequest& request) {
  if (request.images().empty() || request.images_size() > kMostImages) {
    return Tell(End{document::InvalidField("images", absl::StrCat("must be 1 to ", kMostImages))});
  }
  TakeTurn({request.images().begin(), request.images().end()});
}

void ImageExport::TakeTurn(std::vector<std::string> names) {
  LayerClaim claim{.operation = "ExportImage", .layer = names.front(), .keys = {}};
  for (const std::string& name : names) {
    const absl::StatusOr<v1::Image> image = services_.images->Find(name);
    if (!image.ok()) return Tell(End{image.status()});
    for (const v1::ImageLayer& layer : image->layers()) {
      claim.keys.push_back({.key = LayerKey(layer.path()), .exclusive = false});
    }
  }
  services_.layer_turns.Take(
      std::move(claim), context_,
      [self = shared_from_this(),
       names = std::move(names)](absl::StatusOr<LayerTurns::Turn> turn) mutable {
        if (!turn.ok()) return self->Tell(End{turn.status()});
        CallOnLane(
            self->services_.layer_queries, CallLane::Priority::kOrdinary,
            [self](const absl::Status& status) {
              if (!status.ok()) return self->Tell(End{status});
              v1::ExportImageResponse response;
              response.set_size(static_cast<int64_t>(self->writer_->total_bytes()));
              self->Tell(std::move(response));
            },
            [self, names = std::move(names), turn = *std::move(turn)](auto done) mutable {
              self->turn_ = std::move(turn);
              std::move(done)(self->Open(names));
            });
      });
}

absl::Status ImageExport::Open(const std::vector<std::string>& names) {
  std::vector<image::ImageContent> contents;
  for (const std::string& name : names) {
    auto content = ContentOf(*services_.images, name);
    if (!content.ok()) return content.status();
    AddContent(*std::move(content), &contents);
  }
  auto writer = image::ArchiveWriter::Open(contents, services_.images->blob_folder());
  if (!writer.ok()) return writer.status();
  writer_ = *std::move(writer);
  return absl::OkStatus();
}

void ImageExport::ReadNext() {
  CallOnLane(
      services_.layer_queries, CallLane::Priority::kOrdinary,
      [self = shared_from_this()](absl::StatusOr<std::string> piece) {
        if (!piece.ok()) return self->Tell(End{piece.status()});
        if (piece->empty()) return self->Tell(End{absl::OkStatus()});
        v1::ExportImageResponse response;
        response.set_content(*std::move(piece));
        self->Tell(std::move(response));
      },
      [self = shared_from_this()](auto done) {
        std::string piece;
        const absl::StatusOr<bool> more = self->writer_->Next(&piece);
        if (!more.ok()) return std::move(done)(more.status());
        std::move(done)(std::move(piece));
      });
}

void ImageExport::Tell(Pulled told) {
  {
    absl::MutexLock lock(&mutex_);
    if (ended_) return;
    ended_ = std::holds_alternative<End>(told);
    waiting_ = std::move(told);
  }
  wake_();
}

std::optional<ImageExport::Pulled> ImageExport::Pull() {
  std::optional<Pulled> pulled;
  bool more = false;
  {
    absl::MutexLock lock(&mutex_);
    pulled = std::exchange(waiting_, std::nullopt);
    more = pulled && !ended_;
  }
  if (more) ReadNext();
  return pulled;
}

void ImageExport::Cancel() {
  {
    absl::MutexLock lock(&mutex_);
    ended_ = true;
    waiting_.reset();
  }
  context_.cancellation->Cancel();
}

}  // namespace hcs::runtime
