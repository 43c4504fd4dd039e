// The Win32 backup stream: what BackupRead gives and BackupWrite takes, one file's
// content with all its metadata. It is a sequence of streams; each is a header
// (id, attributes, size and name) and then its data. Facts: shared reference
// `vmcompute-abi.md`, section 2, "Win32 backup stream".
//
// This file has the header and its encoding; stream_reader.h reads whole ones.

#ifndef HCS_CORE_LAYER_BACKUP_STREAM_STREAM_HEADER_H_
#define HCS_CORE_LAYER_BACKUP_STREAM_STREAM_HEADER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace hcs::layer {

// What a stream holds. Another number is a stream that a later Windows has added;
// it is carried as it is, but 0 is none.
enum class BackupStreamId : uint32_t {
  kData = 1,           // The file's content.
  kEaData = 2,         // Extended attributes (ea_data.h).
  kSecurityData = 3,   // A self-relative security descriptor.
  kAlternateData = 4,  // A named stream's content; the name is ":name:$DATA".
  kLink = 5,
  kPropertyData = 6,
  kObjectId = 7,
  kReparseData = 8,  // A reparse point (reparse_buffer.h).
  kSparseBlock = 9,  // One range of the content of the data stream before it.
  kTxfData = 10,
};

// Bits of BackupStreamHeader::attributes.
inline constexpr uint32_t kStreamModifiedWhenRead = 1;
inline constexpr uint32_t kStreamContainsSecurity = 2;
inline constexpr uint32_t kStreamContainsProperties = 4;
inline constexpr uint32_t kStreamSparse = 8;

// The longest name that Windows reports for a stream: MAX_PATH + 36 characters
// (WIN32_FIND_STREAM_DATA).
inline constexpr size_t kMaxStreamNameBytes = 2 * (260 + 36);
// The bound for a stream that is no content (all but data, alternate data and
// sparse blocks), so that a reader may gather one. The largest that NTFS stores,
// a security descriptor, has two lists of 64 KiB.
inline constexpr uint64_t kMaxMetadataBytes = 1024 * 1024;
// Content ends at or before this offset, as everywhere in Windows.
inline constexpr uint64_t kMaxContentBytes = INT64_MAX;

struct BackupStreamHeader {
  BackupStreamId id = BackupStreamId::kData;
  uint32_t attributes = 0;
  // Bytes of data that follow. Of a sparse block, those of the range alone: the 8
  // bytes of its offset, which the encoded size counts in, are sparse_offset.
  uint64_t size = 0;
  // Of alternate data, ":name:$DATA"; otherwise empty as a rule.
  std::u16string name;
  // Where in the content a sparse block begins; 0 for every other stream. The last
  // block of a file may be an empty one at the file's end.
  uint64_t sparse_offset = 0;

  friend bool operator==(const BackupStreamHeader&, const BackupStreamHeader&) = default;
};

// Data, alternate data and sparse blocks: what has no bound but kMaxContentBytes.
bool IsContent(BackupStreamId id);

// Appends the header's encoding (a sparse block's offset included); header.size
// bytes of data must follow it. Returns nothing; or, with nothing appended, the
// rule that the header breaks: one that the reader would refuse is never written.
std::optional<std::string> AppendBackupStreamHeader(const BackupStreamHeader& header,
                                                    std::string* bytes);

// For the reader: the encoding's parts.
inline constexpr size_t kStreamHeaderBytes = 20;  // Up to the name.
inline constexpr size_t kSparseOffsetBytes = 8;

// A rule that a header breaks, and the field's place in the encoding.
struct BrokenHeaderRule {
  size_t field_offset;
  std::string rule;
};

// Checks all that can be told from the fixed part: `size` is as it is encoded.
std::optional<BrokenHeaderRule> CheckFixedPart(uint32_t id, uint64_t size, uint32_t name_bytes);
// Checks a sparse block's range; `size` without the offset's own bytes.
std::optional<std::string> CheckSparseRange(uint64_t offset, uint64_t size);

}  // namespace hcs::layer

#endif  // HCS_CORE_LAYER_BACKUP_STREAM_STREAM_HEADER_H_
