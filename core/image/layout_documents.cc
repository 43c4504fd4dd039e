#include "core/image/layout_documents.h"

#include "absl/strings/str_cat.h"
#include "core/document/document.h"
#include "core/image/archived_image.h"
#include "core/image/digest.h"
#include "core/image/image_documents.h"
#include "core/image/media_type.h"

namespace hcs::image {
namespace {

constexpr char kOciLayoutDocument[] = R"({"imageLayoutVersion":"1.0.0"})";

absl::StatusOr<v1::ImageDescriptor> DescriptorOf(const ImageContent& image) {
  v1::ImageDescriptor descriptor;
  const std::string& media_type = image.manifest.media_type();
  descriptor.set_media_type(media_type.empty() ? kOciManifest : media_type);
  descriptor.set_digest(DigestOf(image.manifest_document));
  descriptor.set_size(static_cast<int64_t>(image.manifest_document.size()));
  auto configuration = ReadConfiguration("configuration", image.configuration_document);
  if (!configuration.ok()) return configuration.status();
  *descriptor.mutable_platform() = PlatformOf(*configuration);
  return descriptor;
}

absl::Status AddToIndex(const ImageContent& image, v1::ImageIndex* index) {
  absl::StatusOr<v1::ImageDescriptor> descriptor = DescriptorOf(image);
  if (!descriptor.ok()) return descriptor.status();
  for (const Reference& reference : image.references) {
    v1::ImageDescriptor* named = index->add_manifests();
    *named = *descriptor;
    (*named->mutable_annotations())["io.containerd.image.name"] = reference.Text();
    (*named->mutable_annotations())["org.opencontainers.image.ref.name"] = reference.Text();
  }
  if (image.references.empty()) *index->add_manifests() = *std::move(descriptor);
  return absl::OkStatus();
}

absl::StatusOr<std::string> DockerEntry(const ImageContent& image) {
  v1::DockerArchiveImage entry;
  entry.set_config(BlobName(image.manifest.config().digest()));
  for (const Reference& reference : image.references) entry.add_repo_tags(reference.Familiar());
  for (const v1::ImageDescriptor& layer : image.manifest.layers()) {
    entry.add_layers(BlobName(layer.digest()));
  }
  return document::ToJson(entry);
}

}  // namespace

std::string BlobName(std::string_view digest) {
  return std::string("blobs/sha256/").append(DigestHex(digest));
}

absl::StatusOr<LayoutDocuments> DescribeLayout(const std::vector<ImageContent>& images) {
  LayoutDocuments documents;
  documents.oci_layout = kOciLayoutDocument;
  v1::ImageIndex index;
  index.set_schema_version(2);
  index.set_media_type(kOciIndex);
  for (const ImageContent& image : images) {
    if (absl::Status status = AddToIndex(image, &index); !status.ok()) return status;
    absl::StatusOr<std::string> entry = DockerEntry(image);
    if (!entry.ok()) return entry.status();
    absl::StrAppend(&documents.docker_manifest, documents.docker_manifest.empty() ? "[" : ",",
                    *entry);
  }
  documents.docker_manifest += "]";
  absl::StatusOr<std::string> text = document::ToJson(index);
  if (!text.ok()) return text.status();
  documents.index = *std::move(text);
  return documents;
}

}  // namespace hcs::image
