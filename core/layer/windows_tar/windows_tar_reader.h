// Reads a Windows layer's tar, that comes in pieces of any size, as a layer's entries.

#ifndef HCS_CORE_LAYER_WINDOWS_TAR_WINDOWS_TAR_READER_H_
#define HCS_CORE_LAYER_WINDOWS_TAR_WINDOWS_TAR_READER_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "core/layer/layer_entry.h"
#include "core/layer/layer_outline.h"
#include "core/layer/layer_tar/layer_tar_reader.h"
#include "core/layer/tar/tar_reader.h"
#include "core/layer/windows_tar/tar_metadata.h"
#include "core/layer/windows_tar/tar_name.h"

namespace hcs::layer {

// A file's backup stream is: security, extended attributes, reparse point and what else is kept
// in records; content, if it has any; alternate streams, which in a tar are members of their own
// right after the file.
//
// Refused, with the name and the rule: all that TarReader, ParseTarName, LayerOutline and
// ReadTarMetadata refuse; devices and FIFOs; an alternate stream that does not follow its
// file. A symbolic link is data: where it leads is not looked at.
//
// Content is handed out as views into what was fed. Memory: TarReader's, and some tens of
// bytes for each entry, to tell doubles.
class WindowsTarReader : public LayerTarReader {
 public:
  explicit WindowsTarReader(const LayerTarOptions& options = {})
      : tar_(options.limits), outline_(options.has_parents) {}

  void Feed(std::string_view piece) override { tar_.Feed(piece); }
  void Finish() override { tar_.Finish(); }
  Event Next() override;

  const LayerEntry& entry() const override { return entry_; }
  // As entry().
  const TarExtras& extras() const { return extras_; }
  std::string_view stream() const override { return stream_; }
  const absl::Status& error() const override { return error_; }

 private:
  Event OnMember();
  Event BeginEntry();
  Event OnContent();
  absl::Status ReadName(TarName* name) const;
  absl::Status ReadEntry(TarName name);
  absl::Status BeginAlternateStream(const TarName& name);
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
