#include "core/image/layer_blob.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/layer/rooted_folder.h"

namespace hcs::image {

using layer::Decompressor;

absl::StatusOr<std::unique_ptr<LayerBlob>> LayerBlob::Open(const std::filesystem::path& path,
                                                           std::string diff_id) {
  absl::StatusOr<layer::RootedFolder> folder = layer::RootedFolder::Open(path.parent_path());
  if (!folder.ok()) return folder.status();
  absl::StatusOr<layer::RootedFile> file = folder->OpenItem(path.filename().string());
  if (!file.ok()) return file.status();
  return std::unique_ptr<LayerBlob>(new LayerBlob(*std::move(file), std::move(diff_id)));
}

absl::StatusOr<std::string_view> LayerBlob::Next() {
  for (;;) {
    switch (decompressor_.Next()) {
      case Decompressor::Event::kData: return decompressor_.data();
      case Decompressor::Event::kError: return decompressor_.error();
      case Decompressor::Event::kEnd:
        if (absl::Status status = CheckDiffId(); !status.ok()) return status;
        return std::string_view();
      case Decompressor::Event::kNeedInput:
        if (absl::Status status = Feed(); !status.ok()) return status;
        break;
    }
  }
}

absl::Status LayerBlob::Feed() {
  const absl::StatusOr<size_t> count = file_.ReadAt(position_, buffer_.data(), buffer_.size());
  if (!count.ok()) return count.status();
  if (*count == 0) {
    decompressor_.Finish();
  } else {
    decompressor_.Feed({buffer_.data(), *count});
  }
  position_ += *count;
  return absl::OkStatus();
}

absl::Status LayerBlob::CheckDiffId() const {
  const std::string digest = decompressor_.RawDigest();
  if (digest == diff_id_) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat("the layer's tar has the digest ", digest,
                                          ", and its image says (rootfs.diff_ids) ", diff_id_));
}

}  // namespace hcs::image
