// Reads a Linux image's layer's tar, that comes in pieces of any size, as a layer's entries.

#ifndef HCS_CORE_LAYER_POSIX_TAR_POSIX_TAR_READER_H_
#define HCS_CORE_LAYER_POSIX_TAR_POSIX_TAR_READER_H_

#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "core/layer/layer_entry.h"
#include "core/layer/layer_outline.h"
#include "core/layer/layer_tar/layer_tar_reader.h"
#include "core/layer/posix_tar/linux_metadata.h"
#include "core/layer/posix_tar/linux_tar_name.h"
#include "core/layer/tar/tar_reader.h"

namespace hcs::layer {

// Entries are below Files (linux_tar_name.h), with the metadata that WSL keeps
// (backup_stream/linux_file.h); names that differ in case alone are two. A file's backup stream
// is: security, extended attributes, reparse point and what else is kept in records; content, if
// it has any.
//
// A directory that is opaque, that is with ".wh..wh..opq" as the next member after its own, is a
// removal and then the directory: what the parents have there is hidden, and this is a new one. A
// directory that the tar does not mention but has something in is told before that, as
// ImplicitDirectory says (linux_metadata.h).
//
// Refused, with the name and the rule: all that TarReader, ParseLinuxTarName, LayerOutline and
// ReadLinuxMetadata refuse; a removal with content, or that is no file; the mark of an opaque
// directory after something else in the directory; the root directory after another entry. A
// symbolic link is data: where it leads is not looked at.
//
// Content is handed out as views into what was fed. Memory: TarReader's, twice, and some tens of
// bytes for each entry, to tell doubles.
class PosixTarReader : public LayerTarReader {
 public:
  explicit PosixTarReader(const LayerTarOptions& options = {})
      : tar_(options.limits), outline_(options.has_parents, NameCase::kCounts) {}

  void Feed(std::string_view piece) override { tar_.Feed(piece); }
  void Finish() override { tar_.Finish(); }
  Event Next() override;

  const LayerEntry& entry() const override { return told_.entry; }
  // As entry(): the member of the tar that it is, with all that entries have no place for; its
  // name is the entry's matter. Of an implicit directory, a default one.
  const TarEntry& member() const { return told_.member; }
  std::string_view stream() const override { return stream_; }
  const absl::Status& error() const override { return error_; }

 private:
  // An entry, and what its backup stream begins with.
  struct Item {
    LayerEntry entry;
    TarEntry member;
    std::string prologue;
    bool has_content = false;  // The tar's content follows.
  };

  std::optional<Event> NextOfEntry();
  absl::Status OnMember();
  absl::Status OnFile(std::string name);
  absl::Status OnHardLink(std::string name);
  absl::Status OnRemoved(std::string name);
  absl::Status OnOpaque(const std::string& name);
  absl::Status AddImplicitDirectories(std::string_view name);
  absl::Status AddImplicitDirectory(std::string name);
  // The item will be told.
  absl::Status Tell(Item item);
  absl::Status TellHeld();
  Event Fail(const absl::Status& status);

  TarReader tar_;
  LayerOutline outline_;
  Item told_;
  bool entry_open_ = false;  // kEntry was told, kEntryEnd was not.
  bool prologue_waiting_ = false;
  std::deque<Item> waiting_;  // To be told next.
  std::optional<Item> held_;  // A directory, which may turn out to be opaque.
  bool any_told_ = false;
  std::string_view stream_;
  absl::Status error_;
};

}  // namespace hcs::layer

#endif  // HCS_CORE_LAYER_POSIX_TAR_POSIX_TAR_READER_H_
