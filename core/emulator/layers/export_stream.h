// The backup stream of one exported entry, put together from its parts.

#ifndef HCS_CORE_EMULATOR_LAYERS_EXPORT_STREAM_H_
#define HCS_CORE_EMULATOR_LAYERS_EXPORT_STREAM_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/emulator/outcome.h"
#include "core/platform/unique_fd.h"

namespace hcs::emulator {

// Reads a file forward through a buffer, so that many small parts are few system calls.
class BufferedFile {
 public:
  // `size` bytes from `offset`: 0x80070020 when the file is shorter, since somebody must
  // have changed it.
  static Status Read(int file, uint64_t offset, char* buffer, size_t size);

  Status ReadBuffered(int file, uint64_t offset, char* buffer, size_t size);

 private:
  int file_ = -1;
  uint64_t begin_ = 0;
  std::string bytes_;
};

// Not thread-safe.
class ExportStream {
 public:
  // Begins another one.
  void Clear();

  // Parts, in their order. `file`, of a layer's `streams`, must outlive the stream.
  void AddBytes(std::string bytes);
  void AddStored(int file, uint64_t offset, uint64_t length);
  void AddContent(uint64_t offset, uint64_t length);
  // Where the parts of AddContent come from.
  void SetContent(platform::UniqueFd file) { content_ = std::move(file); }
  bool has_content() const { return static_cast<bool>(content_); }

  // Fills `buffer`, as long as there are bytes; 0 at the end.
  Outcome<size_t> Read(char* buffer, size_t size);

 private:
  struct Part {
    enum class Kind { kBytes, kStored, kContent };
    Kind kind;
    int file = -1;
    uint64_t offset = 0;
    uint64_t length = 0;
    std::string bytes;
  };

  Status ReadPart(Part* part, char* buffer, size_t size);

  std::vector<Part> parts_;
  size_t next_ = 0;
  platform::UniqueFd content_;
  BufferedFile stored_;
};

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_LAYERS_EXPORT_STREAM_H_
