#include "core/emulator/layers/export_stream.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "core/emulator/errno_status.h"

namespace hcs::emulator {
namespace {

constexpr size_t kBufferBytes = 256 * 1024;

}  // namespace

Status BufferedFile::Read(int file, uint64_t offset, char* buffer, size_t size) {
  while (size > 0) {
    const ssize_t count = pread(file, buffer, size, static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return ErrnoStatus(errno, "reading the layer");
    if (count == 0) return {abi::ERROR_SHARING_VIOLATION, "a file of the layer became shorter"};
    buffer += count;
    offset += static_cast<uint64_t>(count);
    size -= static_cast<size_t>(count);
  }
  return {};
}

Status BufferedFile::ReadBuffered(int file, uint64_t offset, char* buffer, size_t size) {
  if (file != file_ || offset < begin_ || offset + size > begin_ + bytes_.size()) {
    if (size >= kBufferBytes) return Read(file, offset, buffer, size);
    bytes_.resize(kBufferBytes);
    const ssize_t count = pread(file, bytes_.data(), bytes_.size(), static_cast<off_t>(offset));
    bytes_.resize(static_cast<size_t>(std::max<ssize_t>(count, 0)));
    file_ = file;
    begin_ = offset;
    if (bytes_.size() < size) return Read(file, offset, buffer, size);
  }
  std::memcpy(buffer, bytes_.data() + (offset - begin_), size);
  return {};
}

void ExportStream::Clear() {
  parts_.clear();
  next_ = 0;
  content_.reset();
}

void ExportStream::AddBytes(std::string bytes) {
  const uint64_t size = bytes.size();
  if (size > 0) parts_.push_back({Part::Kind::kBytes, -1, 0, size, std::move(bytes)});
}

void ExportStream::AddStored(int file, uint64_t offset, uint64_t length) {
  if (length > 0) parts_.push_back({Part::Kind::kStored, file, offset, length, {}});
}

void ExportStream::AddContent(uint64_t offset, uint64_t length) {
  if (length > 0) parts_.push_back({Part::Kind::kContent, -1, offset, length, {}});
}

Outcome<size_t> ExportStream::Read(char* buffer, size_t size) {
  size_t filled = 0;
  while (filled < size && next_ < parts_.size()) {
    Part& part = parts_[next_];
    const auto count = static_cast<size_t>(std::min<uint64_t>(part.length, size - filled));
    if (Status status = ReadPart(&part, buffer + filled, count); !status.ok()) return status;
    part.offset += count;
    part.length -= count;
    filled += count;
    if (part.length == 0) ++next_;
  }
  return filled;
}

Status ExportStream::ReadPart(Part* part, char* buffer, size_t size) {
  switch (part->kind) {
    case Part::Kind::kBytes: std::memcpy(buffer, part->bytes.data() + part->offset, size); break;
    case Part::Kind::kStored: return stored_.ReadBuffered(part->file, part->offset, buffer, size);
    case Part::Kind::kContent:
      return BufferedFile::Read(content_.get(), part->offset, buffer, size);
  }
  return {};
}

}  // namespace hcs::emulator
