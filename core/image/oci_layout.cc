// OCI layouts: index.json names manifests, or indexes of them; all else is in blobs.

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/image/archive_formats.h"
#include "core/image/digest.h"
#include "core/image/image_documents.h"
#include "core/image/media_type.h"

namespace hcs::image {
namespace {

constexpr char kContainerdName[] = "io.containerd.image.name";
constexpr char kRefName[] = "org.opencontainers.image.ref.name";
// What builders give to what they say of an image, which stands beside it.
constexpr std::string_view kNoPlatform = "unknown";
constexpr int kMaxIndexDepth = 4;
constexpr size_t kMaxManifests = 1000;

// Manifests of which one is to be chosen.
struct Group {
  std::string name;  // The annotation's; empty for none.
  std::vector<v1::ImageDescriptor> manifests;
};

absl::StatusOr<std::string> BlobText(const ArchiveSpool& archive,
                                     const v1::ImageDescriptor& descriptor) {
  const auto file = archive.FindBlob(descriptor.digest(), descriptor.size());
  if (!file.ok()) return file.status();
  return ReadSpooledDocument(descriptor.digest(), *file);
}

// The names that the index has for a manifest.
std::string NameOf(const v1::ImageDescriptor& descriptor) {
  for (const char* key : {kContainerdName, kRefName}) {
    const auto found = descriptor.annotations().find(key);
    if (found != descriptor.annotations().end() && !found->second.empty()) return found->second;
  }
  return "";
}

// Collects the manifests that an index leads to.
class Collector {
 public:
  explicit Collector(const ArchiveSpool& archive) : archive_(archive) {}

  absl::Status Add(const v1::ImageDescriptor& descriptor, int depth,
                   std::vector<v1::ImageDescriptor>* manifests) {
    if (++seen_ > kMaxManifests || depth > kMaxIndexDepth) {
      return absl::InvalidArgumentError(
          absl::StrCat("index.json: it leads to more than ", kMaxManifests,
                       " manifests, or to indexes more than ", kMaxIndexDepth, " deep"));
    }
    if (descriptor.platform().os() == kNoPlatform) return absl::OkStatus();
    if (KindOfMediaType(descriptor.media_type()) == MediaKind::kManifest) {
      manifests->push_back(descriptor);
      return absl::OkStatus();
    }
    const auto text = BlobText(archive_, descriptor);
    if (!text.ok()) return text.status();
    const auto read = ReadIndexOrManifest(descriptor.digest(), descriptor.media_type(), *text);
    if (!read.ok()) return read.status();
    const auto* index = std::get_if<v1::ImageIndex>(&*read);
    if (index == nullptr) {
      manifests->push_back(descriptor);
      return absl::OkStatus();
    }
    for (const v1::ImageDescriptor& below : index->manifests()) {
      if (absl::Status status = Add(below, depth + 1, manifests); !status.ok()) return status;
    }
    return absl::OkStatus();
  }

 private:
  const ArchiveSpool& archive_;
  size_t seen_ = 0;
};

// One group for each name. Those without a name are one image for several platforms if each
// says which it is for, else each is one by itself.
absl::StatusOr<std::vector<Group>> GroupManifests(const ArchiveSpool& archive,
                                                  const v1::ImageIndex& index) {
  const bool platforms = std::ranges::all_of(index.manifests(), [](const auto& descriptor) {
    return !NameOf(descriptor).empty() || !descriptor.platform().os().empty();
  });
  Collector collector(archive);
  std::vector<Group> groups;
  for (const v1::ImageDescriptor& descriptor : index.manifests()) {
    const std::string name = NameOf(descriptor);
    auto group = groups.end();
    if (!name.empty() || platforms) group = std::ranges::find(groups, name, &Group::name);
    if (group == groups.end()) group = groups.insert(group, Group{name, {}});
    absl::Status status = collector.Add(descriptor, 0, &group->manifests);
    if (!status.ok()) return status;
  }
  std::erase_if(groups, [](const Group& group) { return group.manifests.empty(); });
  if (groups.empty()) return absl::InvalidArgumentError("index.json: it names no image");
  return groups;
}

absl::StatusOr<ArchivedImage> ReadImage(const ArchiveSpool& archive,
                                        const v1::ImageDescriptor& descriptor) {
  auto manifest_text = BlobText(archive, descriptor);
  if (!manifest_text.ok()) return manifest_text.status();
  auto manifest = ReadManifest(descriptor.digest(), *manifest_text);
  if (!manifest.ok()) return manifest.status();
  auto config_text = BlobText(archive, manifest->config());
  if (!config_text.ok()) return config_text.status();
  auto configuration = ReadConfiguration(manifest->config().digest(), *config_text);
  if (!configuration.ok()) return configuration.status();
  ArchivedImage image;
  image.manifest_document = *std::move(manifest_text);
  image.configuration_document = *std::move(config_text);
  image.manifest = *std::move(manifest);
  image.configuration = *std::move(configuration);
  if (absl::Status status = CheckLayerCount(image); !status.ok()) return status;
  return image;
}

absl::Status MissingForeignLayer(const v1::ImageDescriptor& layer, const std::string& which) {
  return absl::FailedPreconditionError(absl::StrCat(
      "the archive leaves out ", which, ", a base layer that may not be passed on (",
      layer.media_type(), ")",
      layer.urls().empty()
          ? ""
          : absl::StrCat("; it is to be had from ", absl::StrJoin(layer.urls(), ", "))));
}

absl::Status AddLayers(const ArchiveSpool& archive, ArchivedImage* image) {
  const int count = image->manifest.layers_size();
  for (int i = 0; i < count; ++i) {
    const v1::ImageDescriptor& layer = image->manifest.layers(i);
    const std::string which = absl::StrCat("layer ", i + 1, " of ", count, ", ", layer.digest());
    const MediaKind kind = KindOfMediaType(layer.media_type());
    if (kind != MediaKind::kLayer && kind != MediaKind::kForeignLayer) {
      return absl::InvalidArgumentError(absl::StrCat(
          which, ": its media type, \"", layer.media_type(), "\", is none that can be read"));
    }
    absl::StatusOr<SpooledFile> blob = archive.FindBlob(layer.digest(), layer.size());
    if (absl::IsNotFound(blob.status()) && kind == MediaKind::kForeignLayer) {
      return MissingForeignLayer(layer, which);
    }
    if (!blob.ok()) return blob.status();
    image->layers.push_back({layer, image->configuration.rootfs().diff_ids(i), *std::move(blob)});
  }
  return absl::OkStatus();
}

// By the index if it says so, else by the configuration.
absl::StatusOr<v1::ImagePlatform> PlatformIn(const ArchiveSpool& archive,
                                             const v1::ImageDescriptor& descriptor) {
  if (!descriptor.platform().os().empty()) return descriptor.platform();
  const auto image = ReadImage(archive, descriptor);
  if (!image.ok()) return image.status();
  return PlatformOf(image->configuration);
}

absl::StatusOr<v1::ImageDescriptor> Choose(const ArchiveSpool& archive, const Group& group,
                                           const PlatformWish& wish) {
  // An archive of one platform may have the index of all.
  std::vector<v1::ImageDescriptor> there;
  std::ranges::copy_if(group.manifests, std::back_inserter(there), [&](const auto& descriptor) {
    return archive.FindBlob(descriptor.digest(), std::nullopt).ok();
  });
  if (there.empty()) {
    return archive.FindBlob(group.manifests[0].digest(), std::nullopt).status();
  }
  std::vector<v1::ImagePlatform> platforms;
  for (const v1::ImageDescriptor& descriptor : there) {
    auto platform = PlatformIn(archive, descriptor);
    if (!platform.ok()) return platform.status();
    platforms.push_back(*std::move(platform));
  }
  const absl::StatusOr<size_t> chosen = ChoosePlatform(platforms, wish);
  if (!chosen.ok()) return chosen.status();
  return there[*chosen];
}

// A name that is no reference, which OCI allows, is none for us.
std::vector<Reference> ReferencesOf(const Group& group, const std::string& id,
                                    const DockerNames& names) {
  const auto known = names.find(id);
  if (known != names.end() && !known->second.empty()) return known->second;
  const absl::StatusOr<Reference> reference = ParseReference(group.name);
  if (!reference.ok() || reference->tag.empty()) return {};
  return {*reference};
}

}  // namespace

absl::StatusOr<std::vector<ArchivedImage>> ReadOciLayout(const ArchiveSpool& archive,
                                                         const DockerNames& names,
                                                         const PlatformWish& wish) {
  const absl::StatusOr<std::string> text = DocumentIn(archive, "index.json");
  if (!text.ok()) return text.status();
  const auto index = ReadIndex("index.json", *text);
  if (!index.ok()) return index.status();
  const auto groups = GroupManifests(archive, *index);
  if (!groups.ok()) return groups.status();
  std::vector<ArchivedImage> images;
  for (const Group& group : *groups) {
    const auto chosen = Choose(archive, group, wish);
    if (!chosen.ok()) return chosen.status();
    auto image = ReadImage(archive, *chosen);
    if (!image.ok()) return image.status();
    const auto references = ReferencesOf(group, image->manifest.config().digest(), names);
    const auto same =
        std::ranges::find(images, image->manifest_document, &ArchivedImage::manifest_document);
    if (same != images.end()) {
      AddReferences(references, &same->references);
      continue;
    }
    if (absl::Status status = AddLayers(archive, &*image); !status.ok()) return status;
    AddReferences(references, &image->references);
    images.push_back(*std::move(image));
  }
  return images;
}

}  // namespace hcs::image
