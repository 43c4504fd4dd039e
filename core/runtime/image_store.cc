#include "core/runtime/image_store.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "core/image/digest.h"
#include "core/image/image_documents.h"
#include "core/layer/layer_name.h"
#include "core/runtime/state_file.h"
#include "core/runtime/state_message.h"
#include "core/runtime/timestamp.h"

namespace hcs::runtime {
namespace {

namespace fs = std::filesystem;

std::set<std::string> BlobsOf(const std::map<std::string, v1::Image>& images) {
  std::set<std::string> digests;
  for (const auto& [id, image] : images) {
    digests.insert(id);
    digests.insert(image.digest());
    for (const v1::ImageLayer& layer : image.layers()) digests.insert(layer.digest());
  }
  return digests;
}

bool HasName(const v1::Image& image, const std::string& reference) {
  return std::ranges::find(image.references(), reference) != image.references().end();
}

// False: it did not have it.
bool TakeName(const std::string& reference, v1::Image* image) {
  auto& names = *image->mutable_references();
  const auto found = std::ranges::find(names, reference);
  if (found == names.end()) return false;
  names.erase(found);
  return true;
}

void GiveName(const std::string& reference, const std::string& id,
              std::map<std::string, v1::Image>* images, std::vector<NameChange>* untagged) {
  for (auto& [other, image] : *images) {
    if (other != id && TakeName(reference, &image)) untagged->push_back({other, reference});
  }
  v1::Image& image = images->at(id);
  if (HasName(image, reference)) return;
  image.add_references(reference);
  std::sort(image.mutable_references()->begin(), image.mutable_references()->end());
}

bool IsHex(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::vector<const v1::Image*> Matching(const std::map<std::string, v1::Image>& images,
                                       std::string_view name) {
  std::vector<const v1::Image*> found;
  const auto find_name = [&](const std::string& text) {
    const auto reference = image::ParseReference(text);
    if (!reference.ok()) return;
    for (const auto& [id, image] : images) {
      const bool same = reference->digest.empty() ? HasName(image, reference->Text())
                                                  : reference->digest == image.digest();
      if (same) found.push_back(&image);
    }
  };
  find_name(std::string(name));
  // As podman looks for short names.
  if (found.empty()) find_name("localhost/" + std::string(name));
  if (!found.empty()) return {found.front()};
  std::string_view digits = name;
  if (digits.starts_with("sha256:")) digits.remove_prefix(digits.find(':') + 1);
  if (!IsHex(digits)) return found;
  for (const auto& [id, image] : images) {
    if (image::DigestHex(id).starts_with(digits)) found.push_back(&image);
  }
  return found;
}

absl::Status NoImage(std::string_view name) {
  return absl::NotFoundError(absl::StrCat("there is no image ", layer::QuotedName(name)));
}

absl::Status Ambiguous(std::string_view name, const std::vector<const v1::Image*>& images) {
  std::string ids;
  for (const v1::Image* image : images) absl::StrAppend(&ids, ids.empty() ? "" : ", ", image->id());
  return absl::InvalidArgumentError(
      absl::StrCat("image: ", layer::QuotedName(name), " begins the ids of several: ", ids));
}

}  // namespace

std::optional<std::string> NameMeant(const v1::Image& image, const std::string& name) {
  for (const std::string& text : {name, "localhost/" + name}) {
    const auto reference = image::ParseReference(text);
    if (!reference.ok()) continue;
    std::string whole = reference->Text();
    if (HasName(image, whole)) return whole;
  }
  return std::nullopt;
}

ImageStore::ImageStore(const fs::path& folder, Report report)
    : file_(folder / "images.json"),
      blob_folder_(folder / "blobs"),
      layer_folder_(folder / "layers"),
      sandbox_folder_(folder / "sandboxes"),
      report_(std::move(report)),
      images_(std::make_shared<const Images>()) {}

absl::StatusOr<std::unique_ptr<ImageStore>> ImageStore::Open(const fs::path& state_directory,
                                                             Report report) {
  const fs::path folder = state_directory / "images";
  std::unique_ptr<ImageStore> store(new ImageStore(folder, std::move(report)));
  for (const fs::path& path :
       {folder, store->blob_folder_, store->layer_folder_, store->sandbox_folder_}) {
    if (absl::Status made = CreatePrivateDirectory(path); !made.ok()) return made;
  }
  if (absl::Status read = store->Read(); !read.ok()) store->SetAside(read);
  absl::MutexLock lock(&store->change_mutex_);
  if (store->intact_) store->RemoveUnneededBlobs();
  return store;
}

void ImageStore::SetAside(const absl::Status& reason) {
  intact_ = false;
  report_(absl::StrCat("the list of images cannot be read (", reason.message(),
                       ") and is set aside as ", SetStateFileAside(file_).string()));
}

absl::Status ImageStore::Read() {
  v1::ListImagesResponse known;
  if (absl::Status read = ReadStateMessage(file_, &known); !read.ok()) return read;
  Images images;
  for (v1::Image& image : *known.mutable_images()) {
    for (v1::ImageLayer& layer : *image.mutable_layers()) {
      layer.set_path(LayerPath(layer.chain_id()));
    }
    std::string id = image.id();
    images[std::move(id)] = std::move(image);
  }
  absl::MutexLock lock(&mutex_);
  images_ = std::make_shared<const Images>(std::move(images));
  return absl::OkStatus();
}

std::shared_ptr<const ImageStore::Images> ImageStore::Current() const {
  absl::MutexLock lock(&mutex_);
  return images_;
}

// What a daemon that died has left between its blobs and its list.
void ImageStore::RemoveUnneededBlobs() {
  std::set<std::string> needed;
  for (const std::string& digest : BlobsOf(*Current())) needed.emplace(image::DigestHex(digest));
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(blob_folder_, error)) {
    if (needed.contains(entry.path().filename().string())) continue;
    std::error_code ignored;
    fs::remove(entry.path(), ignored);
  }
}

std::string ImageStore::LayerPath(std::string_view chain_id) const {
  return (layer_folder_ / image::DigestHex(chain_id)).string();
}

std::vector<v1::Image> ImageStore::All() const {
  std::vector<v1::Image> all;
  const auto images = Current();
  for (const auto& [id, image] : *images) all.push_back(image);
  return all;
}

absl::StatusOr<v1::Image> ImageStore::Find(std::string_view name) const {
  const auto images = Current();
  const std::vector<const v1::Image*> found = Matching(*images, name);
  if (found.empty()) return NoImage(name);
  if (found.size() > 1) return Ambiguous(name, found);
  return *found.front();
}

std::vector<std::string> ImageStore::LayersOfItsOwn(const v1::Image& image) const {
  std::set<std::string> others;
  const auto images = Current();
  for (const auto& [id, other] : *images) {
    if (id == image.id()) continue;
    for (const v1::ImageLayer& layer : other.layers()) others.insert(layer.chain_id());
  }
  std::vector<std::string> own;
  for (const v1::ImageLayer& layer : image.layers()) {
    if (!others.contains(layer.chain_id())) own.push_back(layer.chain_id());
  }
  return own;
}

absl::StatusOr<std::string> ImageStore::ReadDocument(std::string_view digest) const {
  absl::StatusOr<std::string> text = ReadStateFile(blob_folder_ / image::DigestHex(digest));
  if (!text.ok()) return text;
  if (image::DigestOf(*text) == digest) return text;
  return absl::DataLossError(absl::StrCat("the blob ", std::string(digest), " is damaged"));
}

absl::StatusOr<image::ImageContent> ImageStore::ReadContent(const v1::Image& image) const {
  absl::StatusOr<std::string> manifest_text = ReadDocument(image.digest());
  if (!manifest_text.ok()) return manifest_text.status();
  absl::StatusOr<std::string> configuration = ReadDocument(image.id());
  if (!configuration.ok()) return configuration.status();
  absl::StatusOr<v1::ImageManifest> manifest = image::ReadManifest(image.digest(), *manifest_text);
  if (!manifest.ok()) return manifest.status();
  image::ImageContent content{
      *std::move(manifest_text), *std::move(configuration), *std::move(manifest), {}};
  for (const std::string& name : image.references()) {
    const auto reference = image::ParseReference(name);
    if (reference.ok()) content.references.push_back(*reference);
  }
  return content;
}

absl::Status ImageStore::KeepBlobs(const NewImage& image) {
  const std::pair<std::string, const std::string*> documents[] = {
      {image.image.id(), &image.configuration_document},
      {image.image.digest(), &image.manifest_document}};
  for (const auto& [digest, text] : documents) {
    absl::Status kept = ReplaceStateFile(blob_folder_ / image::DigestHex(digest), *text);
    if (!kept.ok()) return kept;
  }
  for (const auto& [digest, from] : image.blobs) {
    const fs::path to = blob_folder_ / image::DigestHex(digest);
    std::error_code error;
    if (fs::exists(to, error)) continue;
    fs::rename(from, to, error);
    if (error) {
      return absl::ErrnoToStatus(error.value(), absl::StrCat("cannot keep the blob ", digest));
    }
  }
  return absl::OkStatus();
}

absl::Status ImageStore::Replace(Images images) {
  v1::ListImagesResponse known;
  for (const auto& [id, image] : images) *known.add_images() = image;
  if (absl::Status status = ReplaceStateMessage(file_, known); !status.ok()) return status;
  absl::MutexLock lock(&mutex_);
  images_ = std::make_shared<const Images>(std::move(images));
  return absl::OkStatus();
}

absl::StatusOr<std::vector<v1::Image>> ImageStore::Add(std::vector<NewImage> added,
                                                       std::vector<NameChange>* untagged) {
  absl::MutexLock lock(&change_mutex_);
  Images images = *Current();
  std::vector<NameChange> taken;
  absl::Status status;
  for (NewImage& next : added) {
    const std::string id = next.image.id();
    if (!images.contains(id)) {
      if (status = KeepBlobs(next); !status.ok()) break;
      *next.image.mutable_import_time() = ToTimestamp(absl::Now());
      images[id] = std::move(next.image);
    }
    for (const image::Reference& name : next.references) {
      GiveName(name.Text(), id, &images, &taken);
    }
  }
  if (status.ok()) status = Replace(std::move(images));
  if (!status.ok()) {
    if (intact_) RemoveUnneededBlobs();
    return status;
  }
  untagged->insert(untagged->end(), taken.begin(), taken.end());
  std::vector<v1::Image> result;
  result.reserve(added.size());
  const auto now = Current();
  for (const NewImage& next : added) {
    // What was moved from has its id no more.
    result.push_back(now->at(image::DigestOf(next.configuration_document)));
  }
  return result;
}

absl::StatusOr<v1::Image> ImageStore::Tag(const std::string& id, const image::Reference& reference,
                                          std::vector<NameChange>* untagged) {
  absl::MutexLock lock(&change_mutex_);
  Images images = *Current();
  if (!images.contains(id)) return NoImage(id);
  GiveName(reference.Text(), id, &images, untagged);
  if (absl::Status status = Replace(std::move(images)); !status.ok()) return status;
  return Current()->at(id);
}

absl::Status ImageStore::Untag(const std::string& id, const std::string& reference) {
  absl::MutexLock lock(&change_mutex_);
  Images images = *Current();
  const auto image = images.find(id);
  if (image == images.end() || !TakeName(reference, &image->second)) return NoImage(reference);
  return Replace(std::move(images));
}

absl::Status ImageStore::Remove(const std::string& id) {
  absl::MutexLock lock(&change_mutex_);
  Images images = *Current();
  if (images.erase(id) == 0) return NoImage(id);
  if (absl::Status status = Replace(std::move(images)); !status.ok()) return status;
  if (intact_) RemoveUnneededBlobs();
  return absl::OkStatus();
}

}  // namespace hcs::runtime
