// What a Windows layer's tar says of a file besides its content, as a LayerEntry and the
// metadata streams of its backup stream. Facts: shared reference `vmcompute-abi.md`, section 2,
// "Windows layer as tar".
//
// What tar has no key for (object ids, reparse points that are no links, flags of
// extended attributes, ...) is kept under a key of our own, "HCSD.stream.ID": the
// whole stream, in base64. When it is there, it goes before the others' key for the same.

#ifndef HCS_CORE_LAYER_WINDOWS_TAR_TAR_METADATA_H_
#define HCS_CORE_LAYER_WINDOWS_TAR_TAR_METADATA_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/layer/layer_entry.h"
#include "core/layer/layer_tar/metadata_streams.h"
#include "core/layer/tar/tar_entry.h"

namespace hcs::layer {

// What a tar says that a Windows layer has no place for. Given to the writer with the
// entry, it makes the same member of it again.
struct TarExtras {
  uint32_t mode = 0;
  uint64_t uid = 0;
  uint64_t gid = 0;
  std::string user;
  std::string group;
  std::string link_name;           // A symbolic link's, as it was spelled.
  std::vector<PaxRecord> records;  // With keys that are not known here.

  friend bool operator==(const TarExtras&, const TarExtras&) = default;
};

struct TarMetadata {
  abi::FILE_BASIC_INFO basic_info = {};
  MetadataStreams streams;
  TarExtras extras;
};

// Times that the tar does not have are 0 for a link or removal (`is_file` is false); a
// file's become the time of its last change, as is usual. INVALID_ARGUMENT, with the key
// and the rule; MSWINDOWS.sd without MSWINDOWS.rawsd (SDDL, of builds before Windows Server
// 2016) is not supported and says so.
absl::StatusOr<TarMetadata> ReadTarMetadata(const TarEntry& member, bool is_file);

// All of the member but its name and hard link. `extras` may be null: modes are 0755 and 0644
// then. INVALID_ARGUMENT, with the rule: a reparse buffer or extended attributes that are none.
absl::StatusOr<TarEntry> MakeTarMember(const LayerEntry& entry, const MetadataStreams& streams,
                                       const TarExtras* extras);

}  // namespace hcs::layer

#endif  // HCS_CORE_LAYER_WINDOWS_TAR_TAR_METADATA_H_
