#include "core/image/archive_spool.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/image/archive_name.h"
#include "core/image/digest.h"
#include "core/layer/layer_name.h"

namespace hcs::image {
namespace {

constexpr std::string_view kBlobFolder = "blobs/sha256/";
// Of links that lead to links. Docker's lead to files.
constexpr int kMaxLinks = 16;

layer::TarLimits LimitsOf(const ArchiveLimits& limits) {
  return {.max_name_bytes = limits.max_name_bytes,
          .max_extension_bytes = 64 * 1024,
          .end_may_be_missing = true};
}

// The digest that the name claims, if it is one of OCI's layout.
std::optional<std::string> ClaimedDigest(std::string_view name) {
  if (!name.starts_with(kBlobFolder)) return std::nullopt;
  std::string digest = "sha256:" + std::string(name.substr(kBlobFolder.size()));
  if (!IsDigest(digest)) return std::nullopt;
  return digest;
}

absl::Status InEntry(std::string_view name, std::string_view rule) {
  return absl::InvalidArgumentError(
      absl::StrCat("the archive's entry ", layer::QuotedName(name), " ", std::string(rule)));
}

}  // namespace

absl::StatusOr<std::unique_ptr<ArchiveSpool>> ArchiveSpool::Open(
    const std::filesystem::path& folder, const ArchiveLimits& limits) {
  absl::StatusOr<layer::RootedFolder> opened = layer::RootedFolder::Open(folder);
  if (!opened.ok()) return opened.status();
  return std::unique_ptr<ArchiveSpool>(new ArchiveSpool(folder, *std::move(opened), limits));
}

ArchiveSpool::ArchiveSpool(std::filesystem::path path, layer::RootedFolder folder,
                           const ArchiveLimits& limits)
    : path_(std::move(path)), limits_(limits), folder_(std::move(folder)), tar_(LimitsOf(limits)) {}

absl::Status ArchiveSpool::Write(std::string_view piece) {
  if (!failure_.ok() || piece.empty()) return failure_;
  if (format_known_) return failure_ = Take(piece);
  start_ += piece;
  if (start_.size() < layer::kMagicBytes) return absl::OkStatus();
  format_known_ = true;
  if (layer::DetectCompression(start_) != layer::Compression::kNone) {
    decompressor_ = std::make_unique<layer::Decompressor>();
  }
  failure_ = Take(start_);
  start_ = {};
  return failure_;
}

absl::Status ArchiveSpool::Finish() {
  if (!failure_.ok()) return failure_;
  if (!format_known_) return failure_ = absl::InvalidArgumentError("the archive is empty");
  if (decompressor_) {
    decompressor_->Finish();
    failure_ = TakeCompressed({});
    if (!failure_.ok()) return failure_;
  }
  tar_.Finish();
  return failure_ = ReadArchive();
}

absl::Status ArchiveSpool::Take(std::string_view bytes) {
  if (decompressor_) return TakeCompressed(bytes);
  tar_.Feed(bytes);
  return ReadArchive();
}

absl::Status ArchiveSpool::TakeCompressed(std::string_view piece) {
  if (!piece.empty()) decompressor_->Feed(piece);
  for (;;) {
    switch (decompressor_->Next()) {
      case layer::Decompressor::Event::kNeedInput:
      case layer::Decompressor::Event::kEnd: return absl::OkStatus();
      case layer::Decompressor::Event::kError: return decompressor_->error();
      case layer::Decompressor::Event::kData:
        tar_.Feed(decompressor_->data());
        if (absl::Status status = ReadArchive(); !status.ok()) return status;
        break;
    }
  }
}

absl::Status ArchiveSpool::ReadArchive() {
  for (;;) {
    absl::Status status;
    switch (tar_.Next()) {
      case layer::TarReader::Event::kNeedInput:
      case layer::TarReader::Event::kEnd: return absl::OkStatus();
      case layer::TarReader::Event::kError: return tar_.error();
      case layer::TarReader::Event::kEntry: status = BeginMember(); break;
      case layer::TarReader::Event::kData: status = AddContent(); break;
      case layer::TarReader::Event::kEntryEnd: status = EndMember(); break;
    }
    if (!status.ok()) return status;
  }
}

absl::Status ArchiveSpool::BeginMember() {
  if (++members_ > limits_.max_members) {
    return absl::ResourceExhaustedError(
        absl::StrCat("the archive has more than ", limits_.max_members, " members"));
  }
  const layer::TarEntry& entry = tar_.entry();
  absl::StatusOr<std::string> name = ArchiveName(entry.name);
  if (!name.ok()) return name.status();
  absl::StatusOr<std::string> target;
  switch (entry.type) {
    case layer::TarType::kFile: return BeginFile(*std::move(name));
    case layer::TarType::kHardLink: target = ArchiveName(entry.link_name); break;
    case layer::TarType::kSymbolicLink: target = ArchiveLinkTarget(*name, entry.link_name); break;
    default: return absl::OkStatus();
  }
  if (!target.ok()) return target.status();
  return AddLink(*std::move(name), *std::move(target));
}

absl::Status ArchiveSpool::BeginFile(std::string name) {
  if (name.empty()) return InEntry(tar_.entry().name, "must have a name");
  if (links_.contains(name)) return InEntry(name, "is there twice, as a link and as a file");
  bytes_ += tar_.entry().size;
  if (bytes_ > limits_.max_bytes) {
    return absl::ResourceExhaustedError(
        absl::StrCat("the archive's files have more than ", limits_.max_bytes, " bytes"));
  }
  absl::StatusOr<layer::RootedFile> file = folder_.CreateFile(absl::StrCat(members_));
  if (!file.ok()) return file.status();
  file_ = *std::move(file);
  file_name_ = std::move(name);
  file_size_ = 0;
  hash_ = std::make_unique<layer::Sha256>();
  return absl::OkStatus();
}

absl::Status ArchiveSpool::AddLink(std::string name, std::string target) {
  const auto [place, added] = links_.try_emplace(name, target);
  const bool same = added || place->second == target;
  if (!same || files_.contains(name)) return InEntry(name, "is there twice");
  return absl::OkStatus();
}

absl::Status ArchiveSpool::AddContent() {
  hash_->Update(tar_.data());
  absl::Status written = file_.WriteAt(file_size_, tar_.data());
  file_size_ += tar_.data().size();
  return written;
}

absl::Status ArchiveSpool::EndMember() {
  if (!file_) return absl::OkStatus();
  absl::Status status = EndFile();
  file_ = {};
  hash_.reset();
  return status;
}

absl::Status ArchiveSpool::EndFile() {
  const std::string digest = hash_->Digest();
  if (absl::Status status = CheckContent(file_name_, digest); !status.ok()) return status;
  const auto [place, added] =
      files_.try_emplace(file_name_, SpooledFile{path_ / file_.name(), file_size_, digest});
  if (added) return absl::OkStatus();
  if (place->second.digest != digest) {
    return InEntry(file_name_, "is there twice, with different content");
  }
  return folder_.Remove(file_.name());
}

absl::Status ArchiveSpool::CheckContent(const std::string& name, const std::string& digest) const {
  const std::optional<std::string> claimed = ClaimedDigest(name);
  if (!claimed || *claimed == digest) return absl::OkStatus();
  return InEntry(name,
                 absl::StrCat("has another content than its name says: its digest is ", digest));
}

absl::StatusOr<SpooledFile> ArchiveSpool::Find(std::string_view name) const {
  std::string at(name);
  for (int links = 0; links <= kMaxLinks; ++links) {
    if (const auto file = files_.find(at); file != files_.end()) return file->second;
    const auto link = links_.find(at);
    if (link == links_.end()) {
      return absl::NotFoundError(
          absl::StrCat("the archive has no file ", layer::QuotedName(name),
                       at == name ? "" : absl::StrCat(" (a link to '", at, "')")));
    }
    at = link->second;
  }
  return InEntry(name, "is a link to a link, and so on, without an end");
}

absl::StatusOr<SpooledFile> ArchiveSpool::FindBlob(std::string_view digest,
                                                   std::optional<int64_t> size) const {
  absl::StatusOr<SpooledFile> file = Find(std::string(kBlobFolder).append(DigestHex(digest)));
  if (absl::IsNotFound(file.status())) {
    return absl::NotFoundError(absl::StrCat("the archive has no blob ", std::string(digest)));
  }
  if (!file.ok()) return file;
  // A link may lead to a file that nothing has been claimed of.
  if (file->digest != digest) {
    return absl::InvalidArgumentError(
        absl::StrCat("the archive's blob ", std::string(digest), " has the digest ", file->digest));
  }
  if (size && std::cmp_not_equal(*size, file->size)) {
    return absl::InvalidArgumentError(absl::StrCat("the archive's blob ", std::string(digest),
                                                   " has ", file->size, " bytes, and should have ",
                                                   *size));
  }
  return file;
}

absl::StatusOr<std::string> ReadSpooledDocument(std::string_view name, const SpooledFile& file) {
  if (file.size > kMaxImageDocumentBytes) {
    return absl::InvalidArgumentError(absl::StrCat(std::string(name), " has ", file.size,
                                                   " bytes, more than the limit of ",
                                                   kMaxImageDocumentBytes));
  }
  absl::StatusOr<layer::RootedFolder> folder = layer::RootedFolder::Open(file.path.parent_path());
  if (!folder.ok()) return folder.status();
  const absl::StatusOr<layer::RootedFile> opened = folder->OpenItem(file.path.filename().string());
  if (!opened.ok()) return opened.status();
  std::string text(file.size, '\0');
  size_t have = 0;
  while (have < text.size()) {
    const auto count = opened->ReadAt(have, text.data() + have, text.size() - have);
    if (!count.ok()) return count.status();
    if (*count == 0) return absl::DataLossError(std::string(name) + " has become shorter");
    have += *count;
  }
  return text;
}

}  // namespace hcs::image
