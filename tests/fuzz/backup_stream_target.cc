// Backup streams. Promises: what is read can be written, and is the same bytes then; how the
// bytes are cut changes nothing; data can be passed over; ends and errors are told again; the
// limits hold.

#include <algorithm>
#include <cstring>

#include "core/layer/backup_stream/stream_header.h"
#include "core/layer/backup_stream/stream_reader.h"
#include "tests/fuzz/target.h"
#include "tests/unit/layer_windows_tar_archive.h"

namespace hcs::fuzz {
namespace {

using layer::BackupStreamHeader;
using layer::BackupStreamId;
using layer::BackupStreamReader;
using Event = BackupStreamReader::Event;

// All that a reader tells, data joined.
struct Reading {
  std::vector<BackupStreamHeader> headers;
  std::vector<std::string> data;
  bool whole = false;
  std::string error;

  friend bool operator==(const Reading&, const Reading&) = default;
};

void CheckHeader(const BackupStreamHeader& header) {
  Require(2 * header.name.size() <= layer::kMaxStreamNameBytes, "names are not over their limit");
  Require(layer::IsContent(header.id) || header.size <= layer::kMaxMetadataBytes,
          "metadata is not over its limit");
  Require(header.size <= layer::kMaxContentBytes - header.sparse_offset,
          "content ends where a file can end");
}

void Finish(BackupStreamReader* reader, Event last, size_t input_size, Reading* reading) {
  Require(reader->Next() == last, "the end or error is told again");
  reading->whole = last == Event::kEnd;
  if (reading->whole) return;
  reading->error = reader->error().ToString();
  Require(reader->error().offset <= input_size, "an error is at a byte that was there");
}

Reading Read(std::string_view input, size_t piece) {
  BackupStreamReader reader;
  Reading reading;
  const size_t size = input.size();
  bool open = false;
  for (;;) {
    const Event event = reader.Next();
    switch (event) {
      case Event::kNeedInput:
        if (input.empty()) {
          reader.Finish();
        } else {
          reader.Feed(input.substr(0, piece));
          input.remove_prefix(std::min(piece, input.size()));
        }
        break;
      case Event::kHeader:
        Require(!std::exchange(open, true), "a stream ends before the next begins");
        CheckHeader(reader.header());
        reading.headers.push_back(reader.header());
        reading.data.emplace_back();
        break;
      case Event::kData:
        Require(open && !reader.data().empty(), "data is a stream's, and not empty");
        Require(reader.data_offset() == reading.data.back().size(), "data comes in order");
        reading.data.back() += reader.data();
        break;
      case Event::kStreamEnd:
        Require(std::exchange(open, false), "an end is a stream's");
        Require(reading.data.back().size() == reader.header().size, "a stream's data is whole");
        break;
      case Event::kEnd: Require(!open, "a whole backup stream has whole streams"); [[fallthrough]];
      case Event::kError: Finish(&reader, event, size, &reading); return reading;
    }
  }
}

void CheckWrittenAgain(const Reading& reading, std::string_view input) {
  std::string again;
  for (size_t i = 0; i < reading.headers.size(); ++i) {
    const auto broken = layer::AppendBackupStreamHeader(reading.headers[i], &again);
    Require(!broken, "a header that was read can be written");
    again += reading.data[i];
  }
  Require(again == input, "what was read is written as the same bytes");
}

// As whoever reads headers alone does.
void CheckSkipping(const Reading& reading, std::string_view input) {
  BackupStreamReader reader;
  std::vector<BackupStreamHeader> headers;
  reader.Feed(input);
  for (;;) {
    const Event event = reader.Next();
    if (event == Event::kHeader) {
      headers.push_back(reader.header());
      Require(reader.SkipData() == 0, "what was fed whole needs no passing over");
    }
    Require(event != Event::kData && event != Event::kError, "data is passed over");
    if (event == Event::kNeedInput) break;
  }
  Require(headers == reading.headers, "headers are the same when data is passed over");
}

}  // namespace

void RunOne(std::string_view input) {
  const Reading reading = Read(input, input.size() + 1);
  Require(Read(input, PieceBytes(input)) == reading, "cutting the bytes changes nothing");
  if (!reading.whole) return;
  CheckWrittenAgain(reading, input);
  CheckSkipping(reading, input);
}

std::vector<std::string> Seeds() {
  using layer::Stream;
  const std::string sparse =
      Stream(BackupStreamId::kData, "", {}, layer::kStreamSparse) +
      Stream(BackupStreamId::kSparseBlock, "block", {}, layer::kStreamSparse, 65536) +
      Stream(BackupStreamId::kSparseBlock, "", {}, layer::kStreamSparse, uint64_t{1} << 40);
  std::string everything = Stream(BackupStreamId::kSecurityData, "descriptor", {}, 2) +
                           Stream(BackupStreamId::kEaData, "attributes") + sparse +
                           Stream(BackupStreamId::kAlternateData, "zone", u":zone:$DATA") +
                           Stream(BackupStreamId::kObjectId, std::string(64, 'o'));
  for (uint32_t id = 5; id < 12; ++id) {
    if (id != 9) everything += Stream(static_cast<BackupStreamId>(id), "x");
  }
  return {"", Stream(BackupStreamId::kData, "content"), sparse, everything};
}

}  // namespace hcs::fuzz
