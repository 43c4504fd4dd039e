// Reads a Windows layer's tar, that comes in pieces of any size, as a layer's entries.

#ifndef HCS_CORE_LAYER_WINDOWS_TAR_WINDOWS_TAR_READER_H_
#define HCS_CORE_LAYER_WINDOWS_TAR_WINDOWS_TAR_READER_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "core/layer/layer_entry.h"
#include "core/layer/tar/tar_reader.h"
#include "core/layer/windows_tar/layer_outline.h"
#include "core/layer/windows_tar/tar_metadata.h"
#include "core/layer/windows_tar/tar_name.h"

namespace hcs::layer {

struct WindowsTarOptions {
  TarLimits limits;
  // Hard links may lead to what is not in the tar: it is for whoever applies the layer to
  // look for it in the parents.
  bool has_parents = true;
};

// A machine that is fed the tar (not compressed) and asked for events, as
// BackupStreamReader is; so a gRPC thread may drive it. A file's backup stream is: security,
// extended attributes, reparse point and what else is kept in records; content, if it has
// any; alternate streams, which in a tar are members of their own right after the file.
//
// Refused, with the name and the rule: all that TarReader, ParseTarName, LayerOutline and
// ReadTarMetadata refuse; devices and FIFOs; an alternate stream that does not follow its
// file. A symbolic link is data: where it leads is not looked at.
//
// Content is handed out as views into what was fed. Memory: TarReader's, and some tens of
// bytes for each entry, to tell doubles. Not thread-safe.
class WindowsTarReader {
 public:
  enum class Event {
    kNeedInput,  // What was fed is used up: Feed more, or Finish.
    kEntry,      // An entry begins: entry(), extras().
    kStream,     // A piece of its backup stream, at least one byte: stream().
    kEntryEnd,   // Its backup stream is whole. Comes for every entry.
    kEnd,        // The layer is whole. Told again by every further call.
    kError,      // It is none: error(). Told again by every further call.
  };

  explicit WindowsTarReader(const WindowsTarOptions& options = {})
      : tar_(options.limits), outline_(options.has_parents) {}

  // As TarReader's.
  void Feed(std::string_view piece) { tar_.Feed(piece); }
  void Finish() { tar_.Finish(); }
  Event Next();

  // From their kEntry until the next one. Times and attributes are set as the tar has
  // them for links and removals, too.
  const LayerEntry& entry() const { return entry_; }
  const TarExtras& extras() const { return extras_; }
  // After kStream, until the next call of Next.
  std::string_view stream() const { return stream_; }
  // After kError: INVALID_ARGUMENT.
  const absl::Status& error() const { return error_; }

 private:
  Event OnMember();
  Event BeginEntry();
  Event OnContent();
  absl::Status ReadName(TarName* name) const;
  absl::Status ReadEntry(TarName name);
  absl::Status BeginAlternateStream(const TarName& name);
  absl::Status AppendHeader(BackupStreamId id, uint64_t size, std::u16string name);
  Event Fail(const absl::Status& status);

  TarReader tar_;
  LayerOutline outline_;
  LayerEntry entry_;
  TarExtras extras_;
  bool entry_open_ = false;      // kEntry was told, kEntryEnd was not.
  bool member_waiting_ = false;  // The tar has begun a member, which is not told yet.
  TarName member_name_;
  // Headers and metadata that are to be told before the member's content.
  std::string prologue_;
  bool prologue_waiting_ = false;
  std::string_view stream_;
  absl::Status error_;
};

}  // namespace hcs::layer

#endif  // HCS_CORE_LAYER_WINDOWS_TAR_WINDOWS_TAR_READER_H_
