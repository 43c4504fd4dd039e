// Reads a Win32 backup stream that comes in pieces of any size.

#ifndef HCS_CORE_LAYER_BACKUP_STREAM_STREAM_READER_H_
#define HCS_CORE_LAYER_BACKUP_STREAM_STREAM_READER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/layer/backup_stream/stream_header.h"

namespace hcs::layer {

// Why a backup stream is none.
struct BackupStreamError {
  uint64_t offset = 0;  // Of the broken field, or of where the bytes end too early.
  std::string rule;

  // "backup stream, byte 16: the stream's name must ...".
  std::string ToString() const;
};

// A machine that is fed bytes and asked for events:
//
//   reader.Feed(piece);
//   for (;;) switch (reader.Next()) { ... case Event::kNeedInput: feed or Finish }
//
// Its memory is constant, whatever the stream claims: data is never copied or
// gathered, but handed out as views into the piece that was fed. Any sequence of
// stream ids is accepted, but for a sparse block with no data or alternate data
// before it; what order means is the caller's matter. Not thread-safe.
class BackupStreamReader {
 public:
  enum class Event {
    kNeedInput,  // What was fed is used up: Feed more, or Finish.
    kHeader,     // A stream begins: header().
    kData,       // Some of its data, at least one byte: data(), data_offset().
    kStreamEnd,  // header().size bytes of data were told. Comes for empty ones, too.
    kEnd,        // The backup stream is whole. Told again by every further call.
    kError,      // It is none: error(). Told again by every further call.
  };

  // Only when Next said kNeedInput, or at first. `piece` must stay where it is until
  // Next says kNeedInput again. Empty ones are fine.
  void Feed(std::string_view piece);

  // No more will be fed. Only when Next said kNeedInput, or at first.
  void Finish();

  Event Next();

  // From its kHeader until the next one.
  const BackupStreamHeader& header() const { return header_; }
  // After kData, until the next call of Next.
  std::string_view data() const { return data_; }
  // Where data() is in the stream's data. A sparse block's place in the content is
  // header().sparse_offset + data_offset().
  uint64_t data_offset() const { return data_offset_; }
  // After kError.
  const BackupStreamError& error() const { return error_; }

 private:
  enum class State { kHeader, kData, kEnded, kFailed };

  Event NextInHeader();
  Event NextInData();
  Event EndOfInput();
  Event Fail(uint64_t offset, std::string rule);
  bool GatherHeader();
  bool CheckFixedPartOfHeader();
  bool DecodeHeader();
  std::string_view Take(uint64_t at_most);

  State state_ = State::kHeader;
  bool finished_ = false;
  std::string_view input_;
  uint64_t position_ = 0;  // Of input_ in the whole backup stream.

  // The header that is being gathered: it has `gathered_` bytes of the `needed_`
  // that it is known to have.
  std::array<char, kStreamHeaderBytes + kMaxStreamNameBytes + kSparseOffsetBytes> bytes_{};
  size_t gathered_ = 0;
  size_t needed_ = kStreamHeaderBytes;
  bool content_seen_ = false;  // A data or alternate data stream.

  BackupStreamHeader header_;
  std::string_view data_;
  uint64_t data_offset_ = 0;
  uint64_t data_told_ = 0;
  BackupStreamError error_;
};

}  // namespace hcs::layer

#endif  // HCS_CORE_LAYER_BACKUP_STREAM_STREAM_READER_H_
