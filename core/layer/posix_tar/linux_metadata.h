// What a Linux layer's tar says of a file besides its content, as a LayerEntry and the metadata
// streams of its backup stream (backup_stream/linux_file.h), and back.

#ifndef HCS_CORE_LAYER_POSIX_TAR_LINUX_METADATA_H_
#define HCS_CORE_LAYER_POSIX_TAR_LINUX_METADATA_H_

#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/layer/layer_entry.h"
#include "core/layer/layer_tar/metadata_streams.h"
#include "core/layer/tar/tar_entry.h"

namespace hcs::layer {

struct LinuxMetadata {
  abi::FILE_BASIC_INFO basic_info = {};
  MetadataStreams streams;
};

// Of anything but a hard link or a removal. Times that the tar does not have are that of the last
// change. INVALID_ARGUMENT, with the field and the rule: a number of more than 32 bits, a time
// beyond Windows', extended attributes that EA data cannot hold; what the kernel's overlayfs takes
// for its own marks: attributes "trusted.overlay." and "user.overlay.", and the character
// device 0,0.
absl::StatusOr<LinuxMetadata> ReadLinuxMetadata(const TarEntry& member);

// The times of a hard link or removal, 0 if it has none; attributes 0.
absl::StatusOr<abi::FILE_BASIC_INFO> ReadLinuxTimes(const TarEntry& member);

// A directory that the tar does not mention but has something in: all its times are 0, which in
// FILE_BASIC_INFO means "leave as it is". If the layer's parents have it, it is theirs in owner,
// mode and all; otherwise it is as it says here: root's, 0755.
LinuxMetadata ImplicitDirectory();
bool IsImplicitDirectory(const LayerEntry& entry);

// All of the member but its name; nullopt for what a tar cannot hold, a socket. `original`, which
// may be null, is the member that the entry was read of (PosixTarReader::member): what entries
// have no place for is taken from it. INVALID_ARGUMENT, with the field and the rule.
absl::StatusOr<std::optional<TarEntry>> MakeLinuxMember(const LayerEntry& entry,
                                                        const MetadataStreams& streams,
                                                        const TarEntry* original);

}  // namespace hcs::layer

#endif  // HCS_CORE_LAYER_POSIX_TAR_LINUX_METADATA_H_
