#include "core/image/archive_writer.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/document/document.h"
#include "core/image/digest.h"
#include "core/image/layout_documents.h"
#include "core/image/media_type.h"
#include "core/layer/tar/tar_header.h"

namespace hcs::image {
namespace {

constexpr uint32_t kFileMode = 0644;
constexpr uint32_t kDirectoryMode = 0755;

}  // namespace

absl::StatusOr<std::unique_ptr<ArchiveWriter>> ArchiveWriter::Open(
    const std::vector<ImageContent>& images, const std::filesystem::path& blobs) {
  absl::StatusOr<layer::RootedFolder> folder = layer::RootedFolder::Open(blobs);
  if (!folder.ok()) return folder.status();
  const absl::StatusOr<LayoutDocuments> documents = DescribeLayout(images);
  if (!documents.ok()) return documents.status();
  std::unique_ptr<ArchiveWriter> writer(new ArchiveWriter(*std::move(folder)));
  writer->AddDocument("oci-layout", documents->oci_layout);
  writer->AddDirectory("blobs");
  writer->AddDirectory("blobs/sha256");
  for (const ImageContent& image : images) {
    if (absl::Status status = writer->AddBlobs(image); !status.ok()) return status;
  }
  writer->AddDocument("index.json", documents->index);
  writer->AddDocument("manifest.json", documents->docker_manifest);
  writer->total_bytes_ += 2 * layer::kTarBlockBytes;
  return writer;
}

absl::Status ArchiveWriter::AddBlobs(const ImageContent& image) {
  for (const v1::ImageDescriptor& layer : image.manifest.layers()) {
    if (absl::Status status = AddBlob(layer); !status.ok()) return status;
  }
  AddDocument(BlobName(DigestOf(image.configuration_document)), image.configuration_document);
  AddDocument(BlobName(DigestOf(image.manifest_document)), image.manifest_document);
  return absl::OkStatus();
}

bool ArchiveWriter::Has(const std::string& name) const {
  return std::ranges::find(members_, name, &Member::name) != members_.end();
}

void ArchiveWriter::AddSize(uint64_t content) {
  total_bytes_ += layer::kTarBlockBytes + content + layer::PaddingOf(content);
}

void ArchiveWriter::AddDirectory(std::string name) {
  members_.push_back({.name = std::move(name), .directory = true});
  AddSize(0);
}

void ArchiveWriter::AddDocument(std::string name, std::string content) {
  if (Has(name)) return;
  AddSize(content.size());
  const uint64_t size = content.size();
  members_.push_back({.name = std::move(name), .content = std::move(content), .size = size});
}

absl::Status ArchiveWriter::AddBlob(const v1::ImageDescriptor& descriptor) {
  std::string name = BlobName(descriptor.digest());
  if (Has(name)) return absl::OkStatus();
  std::string file_name(DigestHex(descriptor.digest()));
  const auto file = blobs_.OpenItem(file_name);
  if (!file.ok()) return file.status();
  const absl::StatusOr<uint64_t> size = file->Size();
  if (!size.ok()) return size.status();
  AddSize(*size);
  members_.push_back({.name = std::move(name), .blob = std::move(file_name), .size = *size});
  return absl::OkStatus();
}

absl::StatusOr<bool> ArchiveWriter::Next(std::string* bytes) {
  bytes->clear();
  if (finished_) return false;
  while (bytes->size() < kPieceBytes) {
    absl::Status status;
    if (tar_.content_left() > 0) {
      status = CopyBlob(bytes);
    } else if (next_ < members_.size()) {
      status = BeginMember(bytes);
    } else {
      finished_ = true;
      if (status = tar_.Finish(bytes); status.ok()) return true;
    }
    if (!status.ok()) return status;
  }
  return true;
}

absl::Status ArchiveWriter::BeginMember(std::string* bytes) {
  const Member& member = members_[next_++];
  layer::TarEntry entry;
  entry.type = member.directory ? layer::TarType::kDirectory : layer::TarType::kFile;
  entry.name = member.name;
  entry.mode = member.directory ? kDirectoryMode : kFileMode;
  entry.size = member.size;
  absl::Status status = tar_.Begin(entry, bytes);
  if (!status.ok()) return status;
  if (member.blob.empty()) return tar_.Write(member.content, bytes);
  auto file = blobs_.OpenItem(member.blob);
  if (!file.ok()) return file.status();
  file_ = *std::move(file);
  offset_ = 0;
  return absl::OkStatus();
}

absl::Status ArchiveWriter::CopyBlob(std::string* bytes) {
  std::string piece(std::min<uint64_t>(tar_.content_left(), kPieceBytes), '\0');
  const absl::StatusOr<size_t> count = file_.ReadAt(offset_, piece.data(), piece.size());
  if (!count.ok()) return count.status();
  if (*count == 0) return absl::DataLossError(absl::StrCat("blob ", file_.name(), " is too short"));
  offset_ += *count;
  return tar_.Write(std::string_view(piece).substr(0, *count), bytes);
}

}  // namespace hcs::image
