#include "core/emulator/layers/file_content.h"

#include <unistd.h>

#include <cerrno>

#include "core/emulator/errno_status.h"

namespace hcs::emulator {

Status WriteAt(int file, uint64_t offset, std::string_view bytes, const std::string& what) {
  while (!bytes.empty()) {
    const ssize_t count = pwrite(file, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return ErrnoStatus(errno, what);
    bytes.remove_prefix(static_cast<size_t>(count));
    offset += static_cast<uint64_t>(count);
  }
  return {};
}

}  // namespace hcs::emulator
