#include "core/layer/backup_stream/stream_header.h"

#include <utility>

#include "core/layer/backup_stream/little_endian.h"

namespace hcs::layer {
namespace {

constexpr size_t kIdField = 0;
constexpr size_t kSizeField = 8;
constexpr size_t kNameSizeField = 16;

std::optional<std::string> CheckSize(BackupStreamId id, uint64_t size) {
  if (id == BackupStreamId::kSparseBlock && size < kSparseOffsetBytes) {
    return "a sparse block must have at least the 8 bytes of its offset, has " +
           std::to_string(size);
  }
  const uint64_t limit = IsContent(id) ? kMaxContentBytes : kMaxMetadataBytes;
  if (size <= limit) return std::nullopt;
  return "the stream's size must be at most " + std::to_string(limit) + " bytes, is " +
         std::to_string(size);
}

std::string NameTooLong(uint64_t bytes) {
  return "the stream's name must be at most " + std::to_string(kMaxStreamNameBytes) +
         " bytes, is " + std::to_string(bytes);
}

std::optional<std::string> CheckName(BackupStreamId id, uint32_t bytes) {
  if (bytes > kMaxStreamNameBytes) return NameTooLong(bytes);
  if (bytes % 2 != 0) {
    return "the stream's name must have an even number of bytes (UTF-16), has " +
           std::to_string(bytes);
  }
  if (id == BackupStreamId::kAlternateData && bytes == 0) return "alternate data must have a name";
  return std::nullopt;
}

}  // namespace

bool IsContent(BackupStreamId id) {
  return id == BackupStreamId::kData || id == BackupStreamId::kAlternateData ||
         id == BackupStreamId::kSparseBlock;
}

std::optional<BrokenHeaderRule> CheckFixedPart(uint32_t raw_id, uint64_t size,
                                               uint32_t name_bytes) {
  if (raw_id == 0) return BrokenHeaderRule{kIdField, "a stream's id must not be 0"};
  const auto id = static_cast<BackupStreamId>(raw_id);
  if (auto rule = CheckSize(id, size)) return BrokenHeaderRule{kSizeField, *std::move(rule)};
  if (auto rule = CheckName(id, name_bytes)) {
    return BrokenHeaderRule{kNameSizeField, *std::move(rule)};
  }
  return std::nullopt;
}

std::optional<std::string> CheckSparseRange(uint64_t offset, uint64_t size) {
  if (offset <= kMaxContentBytes && size <= kMaxContentBytes - offset) return std::nullopt;
  return "a sparse block must end at or before offset " + std::to_string(kMaxContentBytes) +
         ", this one begins at " + std::to_string(static_cast<int64_t>(offset)) + " and has " +
         std::to_string(size) + " bytes";
}

std::optional<std::string> AppendBackupStreamHeader(const BackupStreamHeader& header,
                                                    std::string* bytes) {
  const bool sparse = header.id == BackupStreamId::kSparseBlock;
  // Before they are narrowed or added to.
  if (header.size > kMaxContentBytes) return CheckSize(header.id, header.size);
  if (header.name.size() > kMaxStreamNameBytes) return NameTooLong(2 * header.name.size());
  const uint64_t size = header.size + (sparse ? kSparseOffsetBytes : 0);
  const auto name_bytes = static_cast<uint32_t>(2 * header.name.size());
  auto broken = CheckFixedPart(static_cast<uint32_t>(header.id), size, name_bytes);
  if (broken) return std::move(broken->rule);
  if (sparse) {
    if (auto rule = CheckSparseRange(header.sparse_offset, header.size)) return rule;
  }
  AppendLittleEndian(static_cast<uint32_t>(header.id), bytes);
  AppendLittleEndian(header.attributes, bytes);
  AppendLittleEndian(size, bytes);
  AppendLittleEndian(name_bytes, bytes);
  AppendUtf16(header.name, bytes);
  if (sparse) AppendLittleEndian(header.sparse_offset, bytes);
  return std::nullopt;
}

}  // namespace hcs::layer
