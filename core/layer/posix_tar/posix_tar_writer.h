// Writes a layer's entries as a Linux image's layer's tar.

#ifndef HCS_CORE_LAYER_POSIX_TAR_POSIX_TAR_WRITER_H_
#define HCS_CORE_LAYER_POSIX_TAR_POSIX_TAR_WRITER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "core/layer/layer_outline.h"
#include "core/layer/layer_tar/layer_tar_writer.h"

namespace hcs::layer {

// The entries that PosixTarReader makes, and what a host gives of such a layer. The same entries
// give the same bytes, names without a "./" at the front, and of times that of the last change
// alone, as images have it: others would make each reading of a file another layer.
//
//   - What only Windows has (attributes, security descriptors, its extended attributes and reparse
//     points, object ids) is kept under the keys of a Windows layer's tar. Not kept: the attributes
//     "archive", "normal" and "sparse"; the order of extended attributes of different kinds.
//   - An entry without $LXUID, $LXGID or $LXMOD is root's, and 0755, 0644 or, a link, 0777.
//   - A directory that is removed and then added is opaque; the removal right before it is that.
//   - Left out: implicit directories, which are the parents', and sockets with links to them, as
//     every tar has it.
//   - A hard link has its target's owner, mode and time, since tools set those of the file that it
//     is: the target must be in the layer, or the link's member must be known.
//
// INVALID_ARGUMENT, with the name and the rule: what LayerTarWriter, LayerOutline and
// LinuxTarNameOf refuse; alternate streams, which Linux does not have; $LXMOD of another type than
// the file's; a device without $LXDEV. Memory: some tens of bytes for each entry.
class PosixTarWriter : public LayerTarWriter {
 public:
  explicit PosixTarWriter(Sink sink)
      : LayerTarWriter(std::move(sink)), outline_(/*has_parents=*/true, NameCase::kCounts) {}

  absl::Status Add(const LayerEntry& entry) override { return Keep(AddEntry(entry, nullptr)); }
  // The same, with what PosixTarReader::member said of the entry: all that entries have no place
  // for (names of owners, times of access, unknown PAX records, nanoseconds) comes back.
  absl::Status Add(const LayerEntry& entry, const TarEntry& member) {
    return Keep(AddEntry(entry, &member));
  }

 private:
  struct Removal {
    LayerEntry entry;
    std::optional<TarEntry> original;
  };
  // What a hard link has of its target.
  struct Owner {
    uint32_t mode = 0;
    uint32_t user = 0;
    uint32_t group = 0;
    UnixTime modified;
  };

  absl::Status AddEntry(const LayerEntry& entry, const TarEntry* original);
  absl::StatusOr<std::optional<TarEntry>> MakeMember(const MetadataStreams& streams) override;
  absl::Status BeginAlternate(const BackupStreamHeader& header, const TarEntry& of_file) override;
  absl::Status AfterEntry() override;
  absl::Status BeforeEnd() override;

  absl::StatusOr<std::optional<TarEntry>> MakeHardLink();
  absl::Status WriteRemoval(const Removal& removal, std::string tar_name);
  absl::Status WriteHeldRemoval();

  LayerOutline outline_;
  absl::flat_hash_map<uint64_t, Owner> owners_;  // Of files, by their names' hashes.
  std::optional<TarEntry> original_;             // Of the present entry.
  std::string tar_name_;
  std::optional<Removal> held_removal_;  // Until it is known what comes next.
  std::optional<Removal> opaque_;        // The present entry is an opaque directory.
};

}  // namespace hcs::layer

#endif  // HCS_CORE_LAYER_POSIX_TAR_POSIX_TAR_WRITER_H_
