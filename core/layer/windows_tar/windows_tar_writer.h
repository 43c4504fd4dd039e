// Writes a layer's entries as a Windows layer's tar.

#ifndef HCS_CORE_LAYER_WINDOWS_TAR_WINDOWS_TAR_WRITER_H_
#define HCS_CORE_LAYER_WINDOWS_TAR_WINDOWS_TAR_WRITER_H_

#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "core/layer/layer_outline.h"
#include "core/layer/layer_tar/layer_tar_writer.h"
#include "core/layer/windows_tar/tar_metadata.h"

namespace hcs::layer {

// Members of alternate streams have their file's times, and mode 0644. A sparse alternate
// stream is INVALID_ARGUMENT. Otherwise as LayerTarWriter, LayerOutline (a layer may have
// parents) and TarNameOf.
class WindowsTarWriter : public LayerTarWriter {
 public:
  explicit WindowsTarWriter(Sink sink)
      : LayerTarWriter(std::move(sink)), outline_(/*has_parents=*/true) {}

  absl::Status Add(const LayerEntry& entry) override { return Keep(AddMember(entry, nullptr)); }
  // The same, with what WindowsTarReader::extras said of the entry.
  absl::Status Add(const LayerEntry& entry, const TarExtras& extras) {
    return Keep(AddMember(entry, &extras));
  }

 private:
  absl::Status AddMember(const LayerEntry& entry, const TarExtras* extras);
  absl::StatusOr<std::optional<TarEntry>> MakeMember(const MetadataStreams& streams) override;
  absl::Status BeginAlternate(const BackupStreamHeader& header, const TarEntry& of_file) override;

  LayerOutline outline_;
  std::optional<TarExtras> extras_;  // Of the present entry.
  std::string tar_name_;
};

}  // namespace hcs::layer

#endif  // HCS_CORE_LAYER_WINDOWS_TAR_WINDOWS_TAR_WRITER_H_
