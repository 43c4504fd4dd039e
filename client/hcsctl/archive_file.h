// The archive that an image command reads or writes: a file, or one of hcsctl's own streams.

#ifndef HCS_CLIENT_HCSCTL_ARCHIVE_FILE_H_
#define HCS_CLIENT_HCSCTL_ARCHIVE_FILE_H_

#include <cstdint>
#include <fstream>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace hcs::ctl {

class ArchiveReader {
 public:
  // "-" is stdin. NOT_FOUND: the file cannot be read.
  static absl::StatusOr<std::unique_ptr<ArchiveReader>> Open(const std::string& path);

  // The next bytes; none at the end.
  absl::StatusOr<std::string> Next();

  // Bytes of the file; not known of a stream.
  std::optional<uint64_t> size() const { return size_; }

 private:
  explicit ArchiveReader(std::string path) : path_(std::move(path)) {}

  const std::string path_;
  std::ifstream file_;
  std::istream* stream_ = nullptr;
  std::optional<uint64_t> size_;
};

// Writes beside the file, which Commit replaces: what is there is whole.
class ArchiveWriter {
 public:
  // Empty or "-" is stdout, which must then be no terminal (INVALID_ARGUMENT).
  static absl::StatusOr<std::unique_ptr<ArchiveWriter>> Open(const std::string& path);
  // Without Commit, leaves nothing.
  ~ArchiveWriter();

  ArchiveWriter(const ArchiveWriter&) = delete;
  ArchiveWriter& operator=(const ArchiveWriter&) = delete;

  absl::Status Write(absl::string_view bytes);
  absl::Status Commit();

 private:
  ArchiveWriter() = default;

  std::string path_;  // Empty: stdout.
  std::string beside_;
  std::ofstream file_;
};

}  // namespace hcs::ctl

#endif  // HCS_CLIENT_HCSCTL_ARCHIVE_FILE_H_
