#include "core/image/image_documents.h"

#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "core/document/document.h"
#include "core/image/digest.h"
#include "core/image/media_type.h"

namespace hcs::image {
namespace {

constexpr int kSchemaVersion = 2;
// More than any image has; Windows itself takes 128 in a chain.
constexpr int kMaxLayers = 127;

absl::Status In(std::string_view name, const absl::Status& status) {
  if (status.ok()) return status;
  return absl::Status(status.code(), absl::StrCat(std::string(name), ": ", status.message()));
}

template <typename Message>
absl::StatusOr<Message> ReadDocument(std::string_view name, std::string_view json) {
  Message message;
  if (absl::Status read = document::FromJson(json, &message); !read.ok()) return In(name, read);
  return message;
}

template <typename Message>
absl::Status CheckSchema(const Message& message) {
  if (message.schema_version() == kSchemaVersion) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("schemaVersion: must be 2, is ", message.schema_version()));
}

absl::Status CheckDescriptor(const std::string& path, const v1::ImageDescriptor& descriptor) {
  if (absl::Status status = CheckDigest(path + ".digest", descriptor.digest()); !status.ok()) {
    return status;
  }
  if (descriptor.size() >= 0) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(path, ".size: must not be negative"));
}

absl::Status CheckDescriptors(const char* member,
                              const google::protobuf::RepeatedPtrField<v1::ImageDescriptor>& all) {
  for (int i = 0; i < all.size(); ++i) {
    absl::Status status = CheckDescriptor(absl::StrCat(member, "[", i, "]"), all[i]);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status CheckManifest(const v1::ImageManifest& manifest) {
  absl::Status status = CheckSchema(manifest);
  if (status.ok()) status = CheckDescriptor("config", manifest.config());
  if (status.ok()) status = CheckDescriptors("layers", manifest.layers());
  if (!status.ok()) return status;
  const std::string& type = manifest.config().media_type();
  if (!type.empty() && KindOfMediaType(type) != MediaKind::kConfig) {
    return absl::InvalidArgumentError(
        absl::StrCat("config.mediaType: must be that of an image, is \"", type, "\""));
  }
  if (manifest.layers_size() > kMaxLayers) {
    return absl::InvalidArgumentError(absl::StrCat("layers: must not be more than ", kMaxLayers));
  }
  return absl::OkStatus();
}

absl::Status CheckConfiguration(const v1::ImageConfiguration& configuration) {
  const auto& diff_ids = configuration.rootfs().diff_ids();
  if (diff_ids.empty()) {
    return absl::InvalidArgumentError("rootfs.diff_ids: must name at least one layer");
  }
  for (int i = 0; i < diff_ids.size(); ++i) {
    absl::Status status = CheckDigest(absl::StrCat("rootfs.diff_ids[", i, "]"), diff_ids[i]);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::ImageIndex> ReadIndex(std::string_view name, std::string_view json) {
  auto index = ReadDocument<v1::ImageIndex>(name, json);
  if (!index.ok()) return index;
  absl::Status status = CheckSchema(*index);
  if (status.ok()) status = CheckDescriptors("manifests", index->manifests());
  if (!status.ok()) return In(name, status);
  return index;
}

absl::StatusOr<v1::ImageManifest> ReadManifest(std::string_view name, std::string_view json) {
  auto manifest = ReadDocument<v1::ImageManifest>(name, json);
  if (!manifest.ok()) return manifest;
  if (absl::Status status = CheckManifest(*manifest); !status.ok()) return In(name, status);
  return manifest;
}

absl::StatusOr<v1::ImageConfiguration> ReadConfiguration(std::string_view name,
                                                         std::string_view json) {
  auto configuration = ReadDocument<v1::ImageConfiguration>(name, json);
  if (!configuration.ok()) return configuration;
  if (absl::Status status = CheckConfiguration(*configuration); !status.ok()) {
    return In(name, status);
  }
  return configuration;
}

absl::StatusOr<std::vector<v1::DockerArchiveImage>> ReadDockerManifest(std::string_view json) {
  constexpr std::string_view kName = "manifest.json";
  // For itself first, so that nothing can end the array early.
  if (absl::Status valid = document::ValidateJson(json, {}, kName); !valid.ok()) return valid;
  auto manifest = ReadDocument<v1::DockerArchiveManifest>(
      kName, absl::StrCat("{\"images\":", std::string(json), "}"));
  if (!manifest.ok()) return manifest.status();
  return std::vector<v1::DockerArchiveImage>(manifest->images().begin(), manifest->images().end());
}

absl::StatusOr<std::variant<v1::ImageIndex, v1::ImageManifest>> ReadIndexOrManifest(
    std::string_view name, std::string_view media_type, std::string_view json) {
  MediaKind kind = KindOfMediaType(media_type);
  if (kind == MediaKind::kUnknown && media_type.empty()) {
    v1::ImageIndex members;
    const bool index = document::FromJson(json, &members).ok() && members.manifests_size() > 0;
    kind = index ? MediaKind::kIndex : MediaKind::kManifest;
  }
  if (kind == MediaKind::kIndex) return ReadIndex(name, json);
  if (kind == MediaKind::kManifest) return ReadManifest(name, json);
  return absl::InvalidArgumentError(absl::StrCat(std::string(name), ": its media type, \"",
                                                 std::string(media_type),
                                                 "\", is none of an image"));
}

}  // namespace hcs::image
