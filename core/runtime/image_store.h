// The images that the daemon has: what is kept of them on disk.

#ifndef HCS_CORE_RUNTIME_IMAGE_STORE_H_
#define HCS_CORE_RUNTIME_IMAGE_STORE_H_

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "core/image/archive_writer.h"
#include "core/image/reference.h"
#include "hcs/v1/image_service.pb.h"

namespace hcs::runtime {

// An image that is to be kept.
struct NewImage {
  // All but its references and import_time.
  v1::Image image;
  std::vector<image::Reference> references;
  std::string manifest_document;
  std::string configuration_document;
  // Where its layers' blobs are, by digest; they are moved away from there.
  std::map<std::string, std::filesystem::path> blobs;
};

// A name that an image got or lost.
struct NameChange {
  std::string image_id;
  std::string reference;

  friend bool operator==(const NameChange&, const NameChange&) = default;
};

// The name of the image that `name` is short for, if it is one and no id.
std::optional<std::string> NameMeant(const v1::Image& image, const std::string& name);

// In `STATE/images`:
//   images.json     the images, their names and layers; every change replaces it
//   blobs/HEX       manifests, configurations, and layers as they came
//   layers/HEX      the layers, by their chain ids: the host's
//   sandboxes/      where clients make sandboxes over them
// The file says what is: blobs come before it and go after it, so that a daemon that is killed
// leaves some too many at most, which the next Open removes. Layers are the caller's affair.
//
// Thread-safe. What adds, names and removes writes files, and ReadContent reads some: not for
// threads that must not block.
class ImageStore {
 public:
  using Report = std::function<void(const std::string&)>;

  // Reads what is there. A damaged file is reported and set aside, as `images.json.corrupt`;
  // blobs and layers then stay for whoever mends it.
  static absl::StatusOr<std::unique_ptr<ImageStore>> Open(
      const std::filesystem::path& state_directory, Report report);

  // False: the file was damaged, so that it is not known which layers are needed.
  bool intact() const { return intact_; }
  const std::filesystem::path& blob_folder() const { return blob_folder_; }
  const std::filesystem::path& layer_folder() const { return layer_folder_; }
  const std::filesystem::path& sandbox_folder() const { return sandbox_folder_; }
  std::string LayerPath(std::string_view chain_id) const;

  // By id.
  std::vector<v1::Image> All() const;
  // As image_service.proto says: NOT_FOUND or INVALID_ARGUMENT.
  absl::StatusOr<v1::Image> Find(std::string_view name) const;
  // Chain ids of the image that no other has, base first.
  std::vector<std::string> LayersOfItsOwn(const v1::Image& image) const;

  // The documents and names of an image, for an archive of it. Reads files.
  absl::StatusOr<image::ImageContent> ReadContent(const v1::Image& image) const;

  // Adds images, all or none. One that is there gets the names alone. Names that others had
  // are appended to `untagged`.
  absl::StatusOr<std::vector<v1::Image>> Add(std::vector<NewImage> images,
                                             std::vector<NameChange>* untagged);
  // NOT_FOUND: there is no such image. The whole of `reference` is taken from another.
  absl::StatusOr<v1::Image> Tag(const std::string& id, const image::Reference& reference,
                                std::vector<NameChange>* untagged);
  // The image without the name; it stays, with or without others.
  absl::Status Untag(const std::string& id, const std::string& reference);
  // Forgets the image, and removes the blobs that no other has.
  absl::Status Remove(const std::string& id);

 private:
  using Images = std::map<std::string, v1::Image>;

  ImageStore(const std::filesystem::path& folder, Report report);

  absl::Status Read();
  void SetAside(const absl::Status& reason);
  void RemoveUnneededBlobs() ABSL_EXCLUSIVE_LOCKS_REQUIRED(change_mutex_);
  absl::Status KeepBlobs(const NewImage& image) ABSL_EXCLUSIVE_LOCKS_REQUIRED(change_mutex_);
  absl::StatusOr<std::string> ReadDocument(std::string_view digest) const;
  absl::Status Replace(Images images) ABSL_EXCLUSIVE_LOCKS_REQUIRED(change_mutex_);
  std::shared_ptr<const Images> Current() const;

  const std::filesystem::path file_;
  const std::filesystem::path blob_folder_;
  const std::filesystem::path layer_folder_;
  const std::filesystem::path sandbox_folder_;
  const Report report_;
  bool intact_ = true;
  // Held by whoever changes something, over its files; the other one never is.
  absl::Mutex change_mutex_ ABSL_ACQUIRED_BEFORE(mutex_);
  mutable absl::Mutex mutex_;
  std::shared_ptr<const Images> images_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_IMAGE_STORE_H_
