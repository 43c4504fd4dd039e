// What FILE_BASIC_INFO says of a file: attributes, and times in Windows' own unit.

#ifndef HCS_CORE_LAYER_BACKUP_STREAM_FILE_INFO_H_
#define HCS_CORE_LAYER_BACKUP_STREAM_FILE_INFO_H_

#include <cstdint>
#include <optional>

namespace hcs::layer {

// Bits of FILE_BASIC_INFO::FileAttributes (winnt.h: FILE_ATTRIBUTE_...).
inline constexpr uint32_t kAttributeReadOnly = 0x1;
inline constexpr uint32_t kAttributeHidden = 0x2;
inline constexpr uint32_t kAttributeSystem = 0x4;
inline constexpr uint32_t kAttributeDirectory = 0x10;
inline constexpr uint32_t kAttributeArchive = 0x20;
inline constexpr uint32_t kAttributeNormal = 0x80;  // Only when no other is set.
inline constexpr uint32_t kAttributeTemporary = 0x100;
inline constexpr uint32_t kAttributeSparseFile = 0x200;
inline constexpr uint32_t kAttributeReparsePoint = 0x400;
inline constexpr uint32_t kAttributeCompressed = 0x800;
inline constexpr uint32_t kAttributeOffline = 0x1000;
inline constexpr uint32_t kAttributeNotContentIndexed = 0x2000;
inline constexpr uint32_t kAttributeEncrypted = 0x4000;
inline constexpr uint32_t kAttributeIntegrityStream = 0x8000;
inline constexpr uint32_t kAttributeNoScrubData = 0x20000;
inline constexpr uint32_t kAttributePinned = 0x80000;
inline constexpr uint32_t kAttributeUnpinned = 0x100000;
inline constexpr uint32_t kAttributeRecallOnDataAccess = 0x400000;

// A time as Unix and tar have it: `seconds` since 1970-01-01 UTC, rounded down,
// and 0 to 999,999,999 nanoseconds after them.
struct UnixTime {
  int64_t seconds = 0;
  uint32_t nanoseconds = 0;

  friend bool operator==(const UnixTime&, const UnixTime&) = default;
};

// From 100 ns units since 1601-01-01 UTC. Every number has a time, negative ones and
// Windows' 0 for "none" included; what those mean is the caller's matter.
UnixTime ToUnixTime(int64_t file_time);

// The 100 ns unit that the time is in (rounded down), or nullopt when an int64 cannot
// hold it. `nanoseconds` must be below a second. ToFileTime(ToUnixTime(t)) == t.
std::optional<int64_t> ToFileTime(UnixTime time);

}  // namespace hcs::layer

#endif  // HCS_CORE_LAYER_BACKUP_STREAM_FILE_INFO_H_
