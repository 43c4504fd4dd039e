// Image archives of the kinds that tools make, for the tests of what reads them.

#ifndef HCS_TESTS_UNIT_IMAGE_TEST_ARCHIVE_H_
#define HCS_TESTS_UNIT_IMAGE_TEST_ARCHIVE_H_

#include <unistd.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "core/image/archive_spool.h"
#include "core/image/digest.h"
#include "tests/unit/layer_tar_archive.h"

namespace hcs::image {

// A folder for one test.
class TestFolder {
 public:
  TestFolder() {
    std::string path = (std::filesystem::temp_directory_path() / "image-test-XXXXXX").string();
    if (mkdtemp(path.data()) == nullptr) throw std::runtime_error("mkdtemp");
    path_ = path;
  }
  ~TestFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline layer::Member TestFile(std::string name, std::string content) {
  layer::Member member;
  member.entry.name = std::move(name);
  member.entry.mode = 0644;
  member.entry.size = content.size();
  member.content = std::move(content);
  return member;
}

inline layer::Member TestDirectory(std::string name) {
  layer::Member member;
  member.entry.type = layer::TarType::kDirectory;
  member.entry.name = std::move(name);
  member.entry.mode = 0755;
  return member;
}

inline layer::Member TestLink(layer::TarType type, std::string name, std::string target) {
  layer::Member member;
  member.entry.type = type;
  member.entry.name = std::move(name);
  member.entry.link_name = std::move(target);
  return member;
}

using Members = std::vector<layer::Member>;
using Json = nlohmann::json;

inline std::string BlobPath(const std::string& digest) {
  return "blobs/sha256/" + std::string(DigestHex(digest));
}

inline Json DescriptorFor(const std::string& media_type, const std::string& content) {
  return {{"mediaType", media_type}, {"digest", DigestOf(content)}, {"size", content.size()}};
}

// One image of an OCI layout, of layers that are tars.
struct TestImage {
  explicit TestImage(std::vector<std::string> tars, Json execution = Json::object())
      : layers(std::move(tars)) {
    configuration = {{"os", "linux"},
                     {"architecture", "amd64"},
                     {"config", std::move(execution)},
                     {"rootfs", {{"type", "layers"}, {"diff_ids", Json::array()}}}};
    manifest = {{"schemaVersion", 2},
                {"mediaType", "application/vnd.oci.image.manifest.v1+json"},
                {"layers", Json::array()}};
    for (const std::string& tar : layers) {
      configuration["rootfs"]["diff_ids"].push_back(DigestOf(tar));
      manifest["layers"].push_back(DescriptorFor("application/vnd.oci.image.layer.v1.tar", tar));
    }
  }

  std::string ConfigurationText() const { return configuration.dump(); }
  // Call it last: it names the configuration as it then is.
  std::string ManifestText() const {
    Json whole = manifest;
    whole["config"] =
        DescriptorFor("application/vnd.oci.image.config.v1+json", ConfigurationText());
    return whole.dump();
  }
  Json Descriptor() const {
    return DescriptorFor("application/vnd.oci.image.manifest.v1+json", ManifestText());
  }
  std::string Id() const { return DigestOf(ConfigurationText()); }

  void AddBlobsTo(Members* members) const {
    for (const std::string& text : {ManifestText(), ConfigurationText()}) {
      members->push_back(TestFile(BlobPath(DigestOf(text)), text));
    }
    for (const std::string& tar : layers) {
      members->push_back(TestFile(BlobPath(DigestOf(tar)), tar));
    }
  }

  std::vector<std::string> layers;
  Json configuration;
  Json manifest;
};

inline Json Named(Json descriptor, const std::string& name) {
  descriptor["annotations"]["org.opencontainers.image.ref.name"] = name;
  return descriptor;
}

inline layer::Member IndexOf(Json manifests) {
  return TestFile("index.json",
                  Json{{"schemaVersion", 2}, {"manifests", std::move(manifests)}}.dump());
}

inline layer::Member OciLayoutFile() {
  return TestFile("oci-layout", R"({"imageLayoutVersion":"1.0.0"})");
}

// The archive of one image; index.json is last, as some tools have it.
inline std::string OciArchive(const TestImage& image, const std::string& name) {
  Members members{OciLayoutFile(), TestDirectory("blobs"), TestDirectory("blobs/sha256")};
  image.AddBlobsTo(&members);
  Json descriptor = image.Descriptor();
  members.push_back(
      IndexOf(Json::array({name.empty() ? descriptor : Named(std::move(descriptor), name)})));
  return layer::WriteTar(members);
}

// In pieces of `piece` bytes; what Finish, or the first failing Write, says.
inline absl::Status SpoolAll(ArchiveSpool* spool, std::string_view bytes, size_t piece) {
  for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size()))) {
    if (absl::Status status = spool->Write(bytes.substr(0, piece)); !status.ok()) return status;
  }
  return spool->Finish();
}

}  // namespace hcs::image

#endif  // HCS_TESTS_UNIT_IMAGE_TEST_ARCHIVE_H_
