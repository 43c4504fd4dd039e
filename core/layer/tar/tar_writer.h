// Writes a tar archive of the PAX kind, piece by piece.

#ifndef HCS_CORE_LAYER_TAR_TAR_WRITER_H_
#define HCS_CORE_LAYER_TAR_TAR_WRITER_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "core/layer/tar/tar_entry.h"

namespace hcs::layer {

// Appends to a string that the caller empties as it likes; it keeps nothing itself. The
// same entries give the same bytes. What ustar's fields cannot hold, and texts that are
// not ASCII, are PAX records, with "hdrcharset=BINARY" when one is not UTF-8; TarReader gives each
// entry back as it was. Not thread-safe.
//
// After an error nothing has been appended, and the call may be made again, better.
class TarWriter {
 public:
  // INVALID_ARGUMENT, with the name and the rule: an empty or doubled key, or one of a field
  // ("path"); an empty name, or target of a link; a NUL in a text; content of anything but a
  // file. FAILED_PRECONDITION: the content of the entry before is not complete.
  absl::Status Begin(const TarEntry& entry, std::string* bytes);

  // Content of the entry that was begun last. OUT_OF_RANGE: more than its size.
  absl::Status Write(std::string_view content, std::string* bytes);

  // The archive's end. FAILED_PRECONDITION as Begin. Once, and last.
  absl::Status Finish(std::string* bytes);

  // Bytes of content that the last entry still needs.
  uint64_t content_left() const { return content_left_; }

 private:
  absl::Status CheckComplete() const;

  std::string name_;
  uint64_t content_left_ = 0;
  size_t padding_ = 0;
};

}  // namespace hcs::layer

#endif  // HCS_CORE_LAYER_TAR_TAR_WRITER_H_
