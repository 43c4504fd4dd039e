// docker-archives: manifest.json names a configuration and the layers' tars.

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/document/document.h"
#include "core/image/archive_formats.h"
#include "core/image/archive_name.h"
#include "core/image/image_documents.h"
#include "core/image/media_type.h"
#include "core/layer/compression/compression.h"
#include "core/layer/rooted_folder.h"

namespace hcs::image {
namespace {

// As manifest.json has it; a Docker on Windows may join names with '\'.
absl::StatusOr<SpooledFile> FindNamed(const ArchiveSpool& archive, const std::string& path,
                                      std::string spelled) {
  std::ranges::replace(spelled, '\\', '/');
  const absl::StatusOr<std::string> name = ArchiveName(spelled);
  absl::StatusOr<SpooledFile> file =
      name.ok() ? archive.Find(*name) : absl::StatusOr<SpooledFile>(name.status());
  if (file.ok()) return file;
  return absl::Status(file.status().code(),
                      absl::StrCat("manifest.json: ", path, ": ", file.status().message()));
}

absl::StatusOr<layer::Compression> CompressionOf(const SpooledFile& file) {
  absl::StatusOr<layer::RootedFolder> folder = layer::RootedFolder::Open(file.path.parent_path());
  if (!folder.ok()) return folder.status();
  const auto opened = folder->OpenItem(file.path.filename().string());
  if (!opened.ok()) return opened.status();
  char magic[layer::kMagicBytes];
  const absl::StatusOr<size_t> count = opened->ReadAt(0, magic, sizeof(magic));
  if (!count.ok()) return count.status();
  return layer::DetectCompression({magic, *count});
}

const char* LayerMediaType(layer::Compression compression) {
  switch (compression) {
    case layer::Compression::kGzip: return kOciGzipLayer;
    case layer::Compression::kZstd: return kOciZstdLayer;
    case layer::Compression::kNone: break;
  }
  return kOciLayer;
}

v1::ImageDescriptor DescriptorOf(const char* media_type, const SpooledFile& file) {
  v1::ImageDescriptor descriptor;
  descriptor.set_media_type(media_type);
  descriptor.set_digest(file.digest);
  descriptor.set_size(static_cast<int64_t>(file.size));
  return descriptor;
}

absl::StatusOr<std::vector<Reference>> ReferencesOf(const v1::DockerArchiveImage& entry,
                                                    const std::string& path) {
  std::vector<Reference> references;
  for (int i = 0; i < entry.repo_tags_size(); ++i) {
    absl::StatusOr<Reference> reference = ParseReference(entry.repo_tags(i));
    if (!reference.ok()) {
      return absl::InvalidArgumentError(absl::StrCat("manifest.json: ", path, ".RepoTags[", i,
                                                     "]: ", reference.status().message()));
    }
    references.push_back(*std::move(reference));
  }
  return references;
}

absl::Status AddLayers(const ArchiveSpool& archive, const v1::DockerArchiveImage& entry,
                       const std::string& path, ArchivedImage* image) {
  for (int i = 0; i < entry.layers_size(); ++i) {
    absl::StatusOr<SpooledFile> file =
        FindNamed(archive, absl::StrCat(path, ".Layers[", i, "]"), entry.layers(i));
    if (!file.ok()) return file.status();
    const absl::StatusOr<layer::Compression> compression = CompressionOf(*file);
    if (!compression.ok()) return compression.status();
    ArchivedLayer added{DescriptorOf(LayerMediaType(*compression), *file), "", *std::move(file)};
    *image->manifest.add_layers() = added.descriptor;
    image->layers.push_back(std::move(added));
  }
  if (absl::Status status = CheckLayerCount(*image); !status.ok()) return status;
  for (size_t i = 0; i < image->layers.size(); ++i) {
    image->layers[i].diff_id = image->configuration.rootfs().diff_ids(static_cast<int>(i));
  }
  return absl::OkStatus();
}

// The manifest that the archive does not have is made here, the same for the same files.
absl::StatusOr<ArchivedImage> ReadImage(const ArchiveSpool& archive,
                                        const v1::DockerArchiveImage& entry,
                                        const std::string& path) {
  const absl::StatusOr<SpooledFile> config = FindNamed(archive, path + ".Config", entry.config());
  if (!config.ok()) return config.status();
  absl::StatusOr<std::string> document = ReadSpooledDocument(entry.config(), *config);
  if (!document.ok()) return document.status();
  auto configuration = ReadConfiguration(entry.config(), *document);
  if (!configuration.ok()) return configuration.status();
  ArchivedImage image;
  image.configuration_document = *std::move(document);
  image.configuration = *std::move(configuration);
  image.manifest.set_schema_version(2);
  image.manifest.set_media_type(kOciManifest);
  *image.manifest.mutable_config() = DescriptorOf(kOciConfig, *config);
  if (absl::Status status = AddLayers(archive, entry, path, &image); !status.ok()) return status;
  absl::StatusOr<std::string> manifest = document::ToJson(image.manifest);
  if (!manifest.ok()) return manifest.status();
  image.manifest_document = *std::move(manifest);
  absl::StatusOr<std::vector<Reference>> references = ReferencesOf(entry, path);
  if (!references.ok()) return references.status();
  AddReferences(*references, &image.references);
  return image;
}

absl::StatusOr<std::vector<v1::DockerArchiveImage>> EntriesOf(const ArchiveSpool& archive) {
  const absl::StatusOr<std::string> text = DocumentIn(archive, "manifest.json");
  if (!text.ok()) return text.status();
  return ReadDockerManifest(*text);
}

}  // namespace

absl::StatusOr<std::vector<ArchivedImage>> ReadDockerArchive(const ArchiveSpool& archive,
                                                             const PlatformWish& wish) {
  const auto entries = EntriesOf(archive);
  if (!entries.ok()) return entries.status();
  if (entries->empty()) return absl::InvalidArgumentError("manifest.json: it names no image");
  std::vector<ArchivedImage> images;
  for (size_t i = 0; i < entries->size(); ++i) {
    auto image = ReadImage(archive, (*entries)[i], absl::StrCat("[", i, "]"));
    if (!image.ok()) return image.status();
    // Docker has one platform of an image alone.
    const auto fits = ChoosePlatform({PlatformOf(image->configuration)}, wish);
    if (!fits.ok()) return fits.status();
    images.push_back(*std::move(image));
  }
  return images;
}

DockerNames ReadDockerNames(const ArchiveSpool& archive) {
  DockerNames names;
  const auto entries = EntriesOf(archive);
  if (!entries.ok()) return names;
  for (const v1::DockerArchiveImage& entry : *entries) {
    const auto config = FindNamed(archive, "Config", entry.config());
    const auto references = ReferencesOf(entry, "");
    if (config.ok() && references.ok()) AddReferences(*references, &names[config->digest]);
  }
  return names;
}

}  // namespace hcs::image
