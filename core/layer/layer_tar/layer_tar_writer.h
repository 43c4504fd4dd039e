// Entries as a layer's tar: what the Windows layer's and the Linux layer's writers have in common.

#ifndef HCS_CORE_LAYER_LAYER_TAR_LAYER_TAR_WRITER_H_
#define HCS_CORE_LAYER_LAYER_TAR_LAYER_TAR_WRITER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/layer/backup_stream/stream_reader.h"
#include "core/layer/layer_entry.h"
#include "core/layer/layer_tar/metadata_streams.h"
#include "core/layer/tar/tar_writer.h"

namespace hcs::layer {

// A LayerWriter whose layer is bytes. What it has written before an error, or without a
// Commit, has no archive's end, and so is none to any reader.
//
// Holes of sparse files are written as zeros. In a tar a file's metadata stands before its
// content, so of a backup stream that has it the other way round, up to kHeldBytes of
// content are held back; with more, it is INVALID_ARGUMENT, as is content that is not of the
// entry's size. That is refused, and not put behind the content, where no other tool would find
// it (a file without its security descriptor); to hold any content back would take a disk. A
// backup stream of Windows begins with security and extended attributes. Otherwise as LayerWriter.
class LayerTarWriter : public LayerWriter {
 public:
  static constexpr size_t kHeldBytes = 256 * 1024;

  // Takes the tar's bytes, in pieces of some 64 KiB, or a member's headers; an error ends the
  // writing and is given to whoever calls the writer. It may block.
  using Sink = std::function<absl::Status(std::string_view)>;

  absl::Status Write(std::string_view piece) final;
  absl::Status Commit() final;

 protected:
  explicit LayerTarWriter(Sink sink) : sink_(std::move(sink)) {}

  // Keeps the first failure.
  absl::Status Keep(absl::Status status);
  const absl::Status& failure() const { return failure_; }

  // For Add: ends the entry before; and begins `entry`, which has been checked.
  absl::Status EndEntry();
  absl::Status BeginEntry(const LayerEntry& entry);

  const LayerEntry& entry() const { return entry_; }
  absl::Status Invalid(std::string_view rule) const;

  // A member beside the entry's own: the one before must be complete.
  absl::Status BeginMember(const TarEntry& member);

 private:
  // Where the backup stream is.
  enum class Part { kNone, kContent, kAlternate };

  // What the entry is in the tar; nullopt: nothing. Errors are without the entry's name.
  virtual absl::StatusOr<std::optional<TarEntry>> MakeMember(const MetadataStreams& streams) = 0;
  // BeginMember of an alternate stream that is not sparse.
  virtual absl::Status BeginAlternate(const BackupStreamHeader& header,
                                      const TarEntry& of_file) = 0;
  // After the entry's last member; `entry` is still the present one.
  virtual absl::Status AfterEntry() { return absl::OkStatus(); }
  // After the last entry, before the archive's end.
  virtual absl::Status BeforeEnd() { return absl::OkStatus(); }

  absl::Status EndStream();
  absl::Status Drain();
  absl::Status OnHeader(const BackupStreamHeader& header);
  absl::Status OnContentHeader(const BackupStreamHeader& header);
  absl::Status OnAlternateHeader(const BackupStreamHeader& header);
  absl::Status OnData(std::string_view data);
  absl::Status WriteContent(std::string_view data);
  absl::Status WriteZeros(uint64_t count);
  absl::Status ReleaseHeld();
  absl::Status EndContent();
  absl::Status Flush();

  const Sink sink_;
  TarWriter tar_;
  std::string out_;  // What the sink has not been given yet.
  absl::Status failure_;

  LayerEntry entry_;
  bool entry_open_ = false;
  std::unique_ptr<BackupStreamReader> stream_;  // Of the present entry, if it is a file.
  Part part_ = Part::kNone;
  MetadataStreams metadata_;
  std::string* gathering_ = nullptr;  // The stream of metadata_ that is coming.
  std::optional<TarEntry> member_;    // As it was begun.
  bool member_made_ = false;
  std::string held_;              // Content, until the member begins.
  uint64_t content_written_ = 0;  // Zeros of holes included.
};

}  // namespace hcs::layer

#endif  // HCS_CORE_LAYER_LAYER_TAR_LAYER_TAR_WRITER_H_
