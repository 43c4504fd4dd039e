// One member of a tar archive, whoever made it. Facts: POSIX, "pax"; the formats' fields
// as GNU tar's manual has them.

#ifndef HCS_CORE_LAYER_TAR_TAR_ENTRY_H_
#define HCS_CORE_LAYER_TAR_TAR_ENTRY_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/layer/backup_stream/file_info.h"

namespace hcs::layer {

// By their letters in the archive.
enum class TarType : char {
  kFile = '0',
  kHardLink = '1',
  kSymbolicLink = '2',
  kCharacterDevice = '3',
  kBlockDevice = '4',
  kDirectory = '5',
  kFifo = '6',
};

// A PAX record. Keys of vendors are "VENDOR.keyword"; values are any bytes.
struct PaxRecord {
  std::string key;
  std::string value;

  friend bool operator==(const PaxRecord&, const PaxRecord&) = default;
};

// The key of an extended attribute of Linux is this and its name; its value is raw.
inline constexpr char kLinuxAttributePrefix[] = "SCHILY.xattr.";

struct TarEntry {
  TarType type = TarType::kFile;
  // As they are in the archive: separated by '/', of any encoding, not checked for
  // where they lead; never empty, no NUL. A directory's has no '/' at its end.
  std::string name;
  std::string link_name;  // Of the two links alone.
  uint64_t size = 0;      // Bytes of content; 0 for all but files.
  uint32_t mode = 0;      // Permissions, and what other bits the archive has.
  uint64_t uid = 0;
  uint64_t gid = 0;
  std::string user;
  std::string group;
  UnixTime modified;
  std::optional<UnixTime> accessed;
  std::optional<UnixTime> changed;
  uint64_t device_major = 0;  // Of devices alone.
  uint64_t device_minor = 0;
  // All other records, the archive's global ones included, each key once; a later
  // one replaces an earlier one in its place.
  std::vector<PaxRecord> records;

  friend bool operator==(const TarEntry&, const TarEntry&) = default;
};

// The value of the record, if there is one.
std::optional<std::string_view> RecordOf(const std::vector<PaxRecord>& records,
                                         std::string_view key);

}  // namespace hcs::layer

#endif  // HCS_CORE_LAYER_TAR_TAR_ENTRY_H_
