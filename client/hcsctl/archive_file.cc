#include "client/hcsctl/archive_file.h"

#include <filesystem>
#include <iostream>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "client/hcsctl/terminal.h"

namespace hcs::ctl {
namespace {

constexpr size_t kPieceBytes = 256 * 1024;

}  // namespace

absl::StatusOr<std::unique_ptr<ArchiveReader>> ArchiveReader::Open(const std::string& path) {
  std::unique_ptr<ArchiveReader> reader(new ArchiveReader(path));
  reader->stream_ = &std::cin;
  if (path == "-") return reader;
  std::error_code error;
  const bool is_file = std::filesystem::is_regular_file(path, error);
  const auto size = is_file ? std::filesystem::file_size(path, error) : 0;
  if (is_file && !error) reader->size_ = size;
  reader->file_.open(path, std::ios::binary);
  if (!reader->file_ || std::filesystem::is_directory(path, error)) {
    return absl::NotFoundError(absl::StrCat("cannot read ", path));
  }
  reader->stream_ = &reader->file_;
  return reader;
}

absl::StatusOr<std::string> ArchiveReader::Next() {
  std::string piece(kPieceBytes, '\0');
  stream_->read(piece.data(), static_cast<std::streamsize>(piece.size()));
  if (stream_->bad()) return absl::DataLossError(absl::StrCat("cannot read on in ", path_));
  piece.resize(static_cast<size_t>(stream_->gcount()));
  return piece;
}

absl::StatusOr<std::unique_ptr<ArchiveWriter>> ArchiveWriter::Open(const std::string& path) {
  std::unique_ptr<ArchiveWriter> writer(new ArchiveWriter());
  if (path.empty() || path == "-") {
    if (!StdoutIsTerminal()) return writer;
    return absl::InvalidArgumentError("an archive is not for a terminal: write -o FILE, or > FILE");
  }
  writer->path_ = path;
  writer->beside_ = path + ".new";
  writer->file_.open(writer->beside_, std::ios::binary | std::ios::trunc);
  if (!writer->file_) return absl::UnavailableError(absl::StrCat("cannot write ", path));
  return writer;
}

ArchiveWriter::~ArchiveWriter() {
  if (beside_.empty()) return;
  file_.close();
  std::error_code ignored;
  std::filesystem::remove(beside_, ignored);
}

absl::Status ArchiveWriter::Write(absl::string_view bytes) {
  std::ostream& stream = path_.empty() ? std::cout : file_;
  stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (stream) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat("cannot write ", path_.empty() ? "to stdout" : path_));
}

absl::Status ArchiveWriter::Commit() {
  if (path_.empty()) {
    std::cout.flush();
    return Write("");
  }
  file_.close();
  std::error_code error;
  if (file_) std::filesystem::rename(beside_, path_, error);
  if (!file_ || error) return absl::UnavailableError(absl::StrCat("cannot write ", path_));
  beside_.clear();
  return absl::OkStatus();
}

}  // namespace hcs::ctl
