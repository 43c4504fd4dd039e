// Writes a layer's entries as a Windows layer's tar.

#ifndef HCS_CORE_LAYER_WINDOWS_TAR_WINDOWS_TAR_WRITER_H_
#define HCS_CORE_LAYER_WINDOWS_TAR_WINDOWS_TAR_WRITER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "core/layer/backup_stream/stream_reader.h"
#include "core/layer/layer_entry.h"
#include "core/layer/tar/tar_writer.h"
#include "core/layer/windows_tar/layer_outline.h"
#include "core/layer/windows_tar/tar_metadata.h"

namespace hcs::layer {

// A LayerWriter whose layer is bytes. What it has written before an error, or without a
// Commit, has no archive's end, and so is none to any reader.
//
// Holes of sparse files are written as zeros. Members of alternate streams have their
// file's times, and mode 0644. In a tar a file's metadata stands before its
// content, so of a backup stream that has it the other way round, up to kHeldBytes of
// content are held back; with more, it is INVALID_ARGUMENT, as are a sparse alternate
// stream, and content that is not of the entry's size. Otherwise as LayerWriter,
// LayerOutline (a layer may have parents) and TarNameOf.
class WindowsTarWriter : public LayerWriter {
 public:
  static constexpr size_t kHeldBytes = 256 * 1024;

  // Takes the tar's bytes, in pieces of some 64 KiB, or a member's headers; an error ends the
  // writing and is given to whoever calls the writer. It may block.
  using Sink = std::function<absl::Status(std::string_view)>;

  explicit WindowsTarWriter(Sink sink) : sink_(std::move(sink)), outline_(/*has_parents=*/true) {}

  absl::Status Add(const LayerEntry& entry) override { return Keep(AddMember(entry, nullptr)); }
  // The same, with what WindowsTarReader::extras said of the entry.
  absl::Status Add(const LayerEntry& entry, const TarExtras& extras) {
    return Keep(AddMember(entry, &extras));
  }
  absl::Status Write(std::string_view piece) override;
  absl::Status Commit() override;

 private:
  // Where the backup stream is.
  enum class Part { kNone, kMetadata, kContent, kAlternate };

  absl::Status Keep(absl::Status status);
  absl::Status AddMember(const LayerEntry& entry, const TarExtras* extras);
  absl::Status EndEntry();
  absl::Status Drain();
  absl::Status OnHeader(const BackupStreamHeader& header);
  absl::Status OnContentHeader(const BackupStreamHeader& header);
  absl::Status BeginAlternate(const BackupStreamHeader& header);
  absl::Status OnData(std::string_view data);
  absl::Status WriteContent(std::string_view data);
  absl::Status WriteZeros(uint64_t count);
  absl::Status BeginMember();
  absl::Status ReleaseHeld();
  absl::Status EndContent();
  absl::Status Flush();
  absl::Status Invalid(std::string_view rule) const;

  const Sink sink_;
  TarWriter tar_;
  LayerOutline outline_;
  std::string out_;  // What the sink has not been given yet.
  absl::Status failure_;

  LayerEntry entry_;
  TarExtras extras_;
  bool has_extras_ = false;
  std::string tar_name_;
  std::unique_ptr<BackupStreamReader> stream_;  // Of the present entry, if it is a file.
  Part part_ = Part::kNone;
  MetadataStreams metadata_;
  std::string* gathering_ = nullptr;  // The stream of metadata_ that is coming.
  TarEntry member_;                   // As it was begun; alternate streams take its times.
  bool member_begun_ = false;
  std::string held_;              // Content, until the member begins.
  uint64_t content_written_ = 0;  // Zeros of holes included.
};

}  // namespace hcs::layer

#endif  // HCS_CORE_LAYER_WINDOWS_TAR_WINDOWS_TAR_WRITER_H_
