#include "core/runtime/image_operations.h"

#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/document/invalid_field.h"
#include "core/image/image_documents.h"
#include "core/runtime/image_events.h"
#include "core/runtime/image_layers.h"
#include "core/runtime/image_store.h"
#include "core/runtime/image_users.h"
#include "core/runtime/layer_chain.h"
#include "core/runtime/layer_work.h"
#include "core/runtime/page_token.h"

namespace hcs::runtime {
namespace {

constexpr std::string_view kList = "images";

absl::StatusOr<v1::GetImageResponse> Describe(const ImageStore& store, const std::string& name) {
  const absl::StatusOr<v1::Image> image = store.Find(name);
  if (!image.ok()) return image.status();
  absl::StatusOr<image::ImageContent> content = store.ReadContent(*image);
  if (!content.ok()) return content.status();
  auto configuration = image::ReadConfiguration(image->id(), content->configuration_document);
  if (!configuration.ok()) return configuration.status();
  v1::GetImageResponse response;
  *response.mutable_image() = *image;
  *response.mutable_configuration() = *std::move(configuration);
  response.set_raw_configuration(std::move(content->configuration_document));
  response.set_raw_manifest(std::move(content->manifest_document));
  response.set_sandbox_folder(store.sandbox_folder().string());
  return response;
}

LayerClaim ClaimOf(const v1::Image& image) {
  LayerClaim claim{.operation = "RemoveImage", .layer = image.id(), .keys = {}};
  for (const v1::ImageLayer& layer : image.layers()) {
    claim.keys.push_back({.key = LayerKey(layer.path()), .exclusive = true});
  }
  return claim;
}

void RemoveLayers(Services& services, const std::vector<std::string>& chains,
                  v1::RemoveImageResponse* response) {
  for (auto chain = chains.rbegin(); chain != chains.rend(); ++chain) {
    DestroyImageLayer(services, services.images->LayerPath(*chain));
    response->add_removed_chain_ids(*chain);
  }
}

absl::Status RemoveWhole(Services& services, const v1::Image& image,
                         v1::RemoveImageResponse* response) {
  if (absl::Status unused = CheckImageUnused(services, image); !unused.ok()) return unused;
  const std::vector<std::string> chains = services.images->LayersOfItsOwn(image);
  if (absl::Status removed = services.images->Remove(image.id()); !removed.ok()) return removed;
  *response->mutable_untagged_references() = image.references();
  response->set_removed_id(image.id());
  RemoveLayers(services, chains, response);
  AppendImageEvent(services, v1::EVENT_TYPE_IMAGE_REMOVED, image.id(), "");
  return absl::OkStatus();
}

// `planned` is what the name meant when the claim was made.
absl::StatusOr<v1::RemoveImageResponse> RemoveNamed(Services& services, const std::string& name,
                                                    bool force, const std::string& planned) {
  const absl::StatusOr<v1::Image> image = services.images->Find(name);
  if (!image.ok()) return image.status();
  if (image->id() != planned) {
    return absl::AbortedError(absl::StrCat("image ", name, " has become another image meanwhile"));
  }
  v1::RemoveImageResponse response;
  const std::optional<std::string> meant = NameMeant(*image, name);
  absl::Status status;
  if (meant && image->references_size() > 1) {
    status = services.images->Untag(image->id(), *meant);
    response.add_untagged_references(*meant);
    if (status.ok()) {
      AppendImageEvent(services, v1::EVENT_TYPE_IMAGE_UNTAGGED, image->id(), *meant);
    }
  } else if (image->references_size() > 1 && !force) {
    status = absl::FailedPreconditionError(absl::StrCat(
        "image ", image->id(), " has several names (", absl::StrJoin(image->references(), ", "),
        "): remove those, or all of it with force"));
  } else {
    status = RemoveWhole(services, *image, &response);
  }
  if (!status.ok()) return status;
  return response;
}

}  // namespace

void ImageOperations::List(const v1::ListImagesRequest& request, CallContext /*context*/,
                           Done<v1::ListImagesResponse> done) {
  const absl::StatusOr<size_t> limit = PageSize(request.page_size());
  if (!limit.ok()) return std::move(done)(limit.status());
  const absl::StatusOr<std::string> after = DecodePageToken(kList, request.page_token());
  if (!after.ok()) return std::move(done)(after.status());
  AskOfLayers(services_, std::move(done),
              [&store = *services_.images, limit = *limit,
               after = *after]() -> absl::StatusOr<v1::ListImagesResponse> {
                v1::ListImagesResponse response;
                for (v1::Image& image : store.All()) {
                  if (image.id() <= after) continue;
                  if (response.images_size() == static_cast<int>(limit)) {
                    const std::string& last = response.images(response.images_size() - 1).id();
                    response.set_next_page_token(EncodePageToken(kList, last));
                    break;
                  }
                  *response.add_images() = std::move(image);
                }
                return response;
              });
}

void ImageOperations::Get(const v1::GetImageRequest& request, CallContext /*context*/,
                          Done<v1::GetImageResponse> done) {
  AskOfLayers(services_, std::move(done), [&store = *services_.images, name = request.image()] {
    return Describe(store, name);
  });
}

void ImageOperations::Remove(const v1::RemoveImageRequest& request, CallContext context,
                             Done<v1::RemoveImageResponse> done) {
  services_.requests.Run<v1::RemoveImageRequest, v1::RemoveImageResponse>(
      context, request, std::move(done),
      [&services = services_, name = request.image(), force = request.force()](
          const CallContext& context, Done<v1::RemoveImageResponse> done) {
        const absl::StatusOr<v1::Image> image = services.images->Find(name);
        if (!image.ok()) return std::move(done)(image.status());
        ChangeInTurn<v1::RemoveImageResponse>(services, context, std::move(done), ClaimOf(*image),
                                              [&services, name, force, id = image->id()] {
                                                return RemoveNamed(services, name, force, id);
                                              });
      });
}

void ImageOperations::Tag(const v1::TagImageRequest& request, CallContext context,
                          Done<v1::TagImageResponse> done) {
  const auto reference = image::ParseReference(request.reference());
  if (!reference.ok()) {
    return std::move(done)(
        document::InvalidField("reference", std::string(reference.status().message())));
  }
  if (!reference->digest.empty()) {
    return std::move(done)(document::InvalidField("reference", "must have no digest"));
  }
  services_.requests.Run<v1::TagImageRequest, v1::TagImageResponse>(
      context, request, std::move(done),
      [&services = services_, name = request.image(), reference = *reference](
          const CallContext& /*context*/, Done<v1::TagImageResponse> done) {
        AskOfLayers(services, std::move(done),
                    [&services, name, reference]() -> absl::StatusOr<v1::TagImageResponse> {
                      const absl::StatusOr<v1::Image> found = services.images->Find(name);
                      if (!found.ok()) return found.status();
                      std::vector<NameChange> untagged;
                      auto image = services.images->Tag(found->id(), reference, &untagged);
                      if (!image.ok()) return image.status();
                      AppendUntagged(services, untagged);
                      AppendImageEvent(services, v1::EVENT_TYPE_IMAGE_TAGGED, found->id(),
                                       reference.Text());
                      v1::TagImageResponse response;
                      *response.mutable_image() = *std::move(image);
                      return response;
                    });
      });
}

}  // namespace hcs::runtime
