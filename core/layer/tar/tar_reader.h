// Reads a tar archive that comes in pieces of any size.

#ifndef HCS_CORE_LAYER_TAR_TAR_READER_H_
#define HCS_CORE_LAYER_TAR_TAR_READER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "core/layer/tar/tar_entry.h"

namespace hcs::layer {

struct TarLimits {
  // Of a name or a link's target. Windows' longest is 32,767 UTF-16 units.
  size_t max_name_bytes = 3 * 32767;
  // Of one PAX header. Security descriptors and extended attributes stand there, in base64;
  // the largest of Windows have 64 KiB.
  size_t max_extension_bytes = 4 * 1024 * 1024;
  // Of all global records together, since each entry gets a copy of them.
  size_t max_global_bytes = 64 * 1024;
  // Of records that one entry has, the global ones included.
  size_t max_records = 1000;
  // Let an archive end where an entry could begin, without the two blocks of zeros, or before
  // the last entry's padding. Some tools (umoci 0.4 is one) forget those; whoever checks the
  // digest loses nothing by it.
  bool end_may_be_missing = false;
};

// A machine that is fed bytes and asked for events, as BackupStreamReader is. It reads V7,
// ustar, PAX (global headers too) and GNU archives (long names, base-256 numbers). What
// follows the archive's end is ignored, as all tools do.
//
// Refused, with words: sparse files of either kind, whose sizes cannot be trusted before
// they are expanded; multi-volume archives; types that POSIX does not have; hard links
// with content, of which tools disagree whether it is there. Not refused, since it takes
// memory for all names or knowledge of their meaning: doubles, and names that lead
// elsewhere.
//
// Memory is constant: content is handed out as views into what was fed; the limits bound
// the rest. Not thread-safe.
class TarReader {
 public:
  enum class Event {
    kNeedInput,  // What was fed is used up: Feed more, or Finish.
    kEntry,      // An entry begins: entry().
    kData,       // Some of its content, at least one byte: data().
    kEntryEnd,   // entry().size bytes of content were told. Comes for every entry.
    kEnd,        // The archive is whole. Told after Finish, and by every further call.
    kError,      // It is none: error(). Told again by every further call.
  };

  explicit TarReader(const TarLimits& limits = {}) : limits_(limits) {}

  // Only when Next said kNeedInput, or at first. `piece` must stay where it is until
  // Next says kNeedInput again.
  void Feed(std::string_view piece) { input_ = piece; }

  // No more will be fed. Only when Next said kNeedInput, or at first.
  void Finish() { finished_ = true; }

  Event Next();

  // From its kEntry until the next one.
  const TarEntry& entry() const { return entry_; }
  // After kData, until the next call of Next.
  std::string_view data() const { return data_; }
  // After kError: INVALID_ARGUMENT, with the entry's number, its name as far as it is
  // known, its place in the archive, and the rule.
  const absl::Status& error() const { return error_; }

 private:
  enum class State { kHeader, kExtension, kContent, kPadding, kEnded, kFailed };

  Event NextInHeader();
  Event NextInExtension();
  Event NextInContent();
  Event NextInPadding();
  Event EndOfInput();
  Event Fail(std::string_view rule);

  std::string_view Take(uint64_t at_most);
  std::optional<std::string_view> Gather(size_t size);
  std::optional<Event> ReadHeader(std::string_view block);
  absl::Status BeginExtension(char type, uint64_t size);
  absl::Status ReadExtension(std::string_view body);
  absl::Status ReadGlobalRecords(std::vector<PaxRecord> records);
  absl::Status ApplyExtensions();
  absl::Status ApplyRecord(PaxRecord record);
  absl::Status SetType(char type);
  absl::Status CheckEntry() const;

  const TarLimits limits_;
  State state_ = State::kHeader;
  bool finished_ = false;
  bool zero_block_seen_ = false;
  std::string_view input_;
  uint64_t position_ = 0;      // Of input_ in the archive.
  uint64_t entry_offset_ = 0;  // Where the present entry's first header is.
  uint64_t entry_number_ = 1;
  bool entry_begun_ = false;  // A header of it has been read.
  bool entry_named_ = false;  // The last of them has: entry_ is this one's.
  std::string gathered_;      // A header or extension that came in several pieces.

  // What came before the entry's own header.
  char extension_type_ = 0;
  size_t extension_size_ = 0;
  std::vector<PaxRecord> global_records_;
  std::optional<std::vector<PaxRecord>> own_records_;
  std::optional<std::string> long_name_;
  std::optional<std::string> long_link_name_;

  TarEntry entry_;
  uint64_t content_left_ = 0;
  size_t padding_left_ = 0;
  std::string_view data_;
  absl::Status error_;
};

}  // namespace hcs::layer

#endif  // HCS_CORE_LAYER_TAR_TAR_READER_H_
