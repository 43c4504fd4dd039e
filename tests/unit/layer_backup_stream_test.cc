#include <catch2/catch.hpp>
#include <random>
#include <string>
#include <vector>

#include "core/layer/backup_stream/little_endian.h"
#include "core/layer/backup_stream/stream_header.h"
#include "core/layer/backup_stream/stream_reader.h"

namespace hcs::layer {
namespace {

using Event = BackupStreamReader::Event;
using Id = BackupStreamId;

struct Stream {
  BackupStreamHeader header;
  std::string data;

  friend bool operator==(const Stream&, const Stream&) = default;
};

std::ostream& operator<<(std::ostream& out, const Stream& stream) {
  return out << "stream " << static_cast<uint32_t>(stream.header.id) << " of " << stream.header.size
             << " bytes at " << stream.header.sparse_offset;
}

std::string Encode(const std::vector<Stream>& streams) {
  std::string bytes;
  for (const Stream& stream : streams) {
    const auto broken = AppendBackupStreamHeader(stream.header, &bytes);
    INFO(broken.value_or(""));
    REQUIRE_FALSE(broken);
    bytes += stream.data;
  }
  return bytes;
}

Stream MakeStream(Id id, std::string data, std::u16string name = {}, uint64_t sparse_offset = 0) {
  return {{.id = id,
           .attributes = id == Id::kSparseBlock ? kStreamSparse : 0,
           .size = data.size(),
           .name = std::move(name),
           .sparse_offset = sparse_offset},
          std::move(data)};
}

// What a reader told, until it needed more input, ended or failed.
struct Reading {
  std::vector<Stream> streams;
  bool last_is_whole = true;
  Event outcome = Event::kNeedInput;
  BackupStreamError error;
};

void Drain(BackupStreamReader* reader, Reading* reading) {
  for (;;) {
    reading->outcome = reader->Next();
    switch (reading->outcome) {
      case Event::kHeader:
        CHECK(reading->last_is_whole);
        reading->last_is_whole = false;
        reading->streams.push_back({reader->header(), {}});
        break;
      case Event::kData:
        CHECK_FALSE(reader->data().empty());
        CHECK(reader->data_offset() == reading->streams.back().data.size());
        reading->streams.back().data += reader->data();
        break;
      case Event::kStreamEnd: reading->last_is_whole = true; break;
      case Event::kError: reading->error = reader->error(); return;
      case Event::kNeedInput:
      case Event::kEnd: return;
    }
  }
}

// Reads `bytes` in pieces, each as long as `next_length` says.
template <typename NextLength>
Reading Read(std::string_view bytes, NextLength next_length) {
  BackupStreamReader reader;
  Reading reading;
  while (!bytes.empty() && reading.outcome == Event::kNeedInput) {
    const std::string piece(bytes.substr(0, next_length()));
    bytes.remove_prefix(piece.size());
    reader.Feed(piece);
    Drain(&reader, &reading);
  }
  if (reading.outcome == Event::kNeedInput) {
    reader.Finish();
    Drain(&reader, &reading);
  }
  return reading;
}

Reading ReadWhole(std::string_view bytes) {
  return Read(bytes, [] { return std::string_view::npos; });
}

BackupStreamError ErrorOf(std::string_view bytes) {
  const Reading reading = ReadWhole(bytes);
  CHECK(reading.outcome == Event::kError);
  return reading.error;
}

// A header as a broken or malicious writer may make it.
std::string RawHeader(uint32_t id, uint32_t attributes, uint64_t size, uint32_t name_bytes) {
  std::string bytes;
  AppendLittleEndian(id, &bytes);
  AppendLittleEndian(attributes, &bytes);
  AppendLittleEndian(size, &bytes);
  AppendLittleEndian(name_bytes, &bytes);
  return bytes;
}

// One of every kind, empty ones and a sparse file with its last block included.
std::vector<Stream> EveryKind() {
  Stream sparse_file = MakeStream(Id::kData, "");
  sparse_file.header.attributes = kStreamSparse;
  return {MakeStream(Id::kSecurityData, "descriptor"),
          sparse_file,
          MakeStream(Id::kSparseBlock, "first", {}, 65536),
          MakeStream(Id::kSparseBlock, "", {}, uint64_t{1} << 40),
          MakeStream(Id::kEaData, std::string(300, 'e')),
          MakeStream(Id::kAlternateData, std::string("a\0b", 3), u":zone:$DATA"),
          MakeStream(Id::kAlternateData, "", u":\xD800:$DATA"),
          MakeStream(Id::kReparseData, "reparse"),
          MakeStream(Id::kObjectId, std::string(64, 'o')),
          MakeStream(Id::kLink, "link"),
          MakeStream(Id::kPropertyData, ""),
          MakeStream(Id::kTxfData, "txf"),
          MakeStream(static_cast<Id>(11), "of a later Windows")};
}

std::vector<Stream> RandomStreams(std::mt19937* random) {
  std::vector<Stream> streams;
  const auto below = [random](size_t limit) { return (*random)() % limit; };
  streams.push_back(MakeStream(Id::kData, std::string(below(2000), 'd')));
  while (below(8) != 0) {
    const auto id = static_cast<Id>(1 + below(12));
    std::string data(below(3) == 0 ? 0 : below(5000), '\0');
    for (char& byte : data) byte = static_cast<char>((*random)());
    std::u16string name(id == Id::kAlternateData ? 1 + below(kMaxStreamNameBytes / 2) : 0, u'\0');
    for (char16_t& unit : name) unit = static_cast<char16_t>((*random)());
    const uint64_t offset = id == Id::kSparseBlock ? (*random)() * uint64_t{4096} : 0;
    streams.push_back(MakeStream(id, std::move(data), std::move(name), offset));
    streams.back().header.attributes = (*random)();
  }
  return streams;
}

TEST_CASE("A header is encoded as Windows lays it out", "[layer]") {
  std::string bytes;
  REQUIRE_FALSE(AppendBackupStreamHeader(
      {.id = Id::kAlternateData, .attributes = 2, .size = 0x0102030405060708, .name = u":x"},
      &bytes));
  CHECK(bytes ==
        std::string("\x04\0\0\0\x02\0\0\0\x08\x07\x06\x05\x04\x03\x02\x01\x04\0\0\0:\0x\0", 24));
  bytes.clear();
  REQUIRE_FALSE(
      AppendBackupStreamHeader({.id = Id::kSparseBlock, .size = 3, .sparse_offset = 256}, &bytes));
  CHECK(bytes == std::string("\x09\0\0\0\0\0\0\0\x0B\0\0\0\0\0\0\0\0\0\0\0\0\x01\0\0\0\0\0\0", 28));
}

TEST_CASE("What is written is read, whatever the pieces", "[layer]") {
  std::mt19937 random(4);
  for (int round = 0; round < 200; ++round) {
    const std::vector<Stream> streams = RandomStreams(&random);
    const std::string bytes = Encode(streams);
    const size_t longest = round % 2 == 0 ? 40 : 3000;
    const Reading reading = Read(bytes, [&] { return random() % longest; });
    INFO("round " << round << ": " << reading.error.ToString());
    CHECK(reading.outcome == Event::kEnd);
    CHECK(reading.streams == streams);
    if (reading.streams != streams) break;
  }
}

TEST_CASE("A stream of every kind survives byte by byte", "[layer]") {
  const Reading reading = Read(Encode(EveryKind()), [] { return 1; });
  CHECK(reading.outcome == Event::kEnd);
  CHECK(reading.last_is_whole);
  CHECK(reading.streams == EveryKind());
}

TEST_CASE("No bytes are a whole backup stream of no streams", "[layer]") {
  const Reading reading = ReadWhole("");
  CHECK(reading.outcome == Event::kEnd);
  CHECK(reading.streams.empty());
}

TEST_CASE("Data is handed out where it is, not copied", "[layer]") {
  const std::string bytes = Encode({MakeStream(Id::kData, "content")});
  BackupStreamReader reader;
  reader.Feed(bytes);
  REQUIRE(reader.Next() == Event::kHeader);
  REQUIRE(reader.Next() == Event::kData);
  CHECK(static_cast<const void*>(reader.data().data()) == bytes.data() + kStreamHeaderBytes);
}

TEST_CASE("A stream that is cut is whole between streams alone", "[layer]") {
  const std::vector<Stream> streams = EveryKind();
  const std::string bytes = Encode(streams);
  std::vector<size_t> ends = {0};
  for (const Stream& stream : streams)
    ends.push_back(ends.back() + Encode({streams[1], stream}).size() - Encode({streams[1]}).size());
  REQUIRE(ends.back() == bytes.size());
  for (size_t length = 0; length <= bytes.size(); ++length) {
    const Reading reading = ReadWhole(std::string_view(bytes).substr(0, length));
    const auto end = std::find(ends.begin(), ends.end(), length);
    INFO("cut after " << length << ": " << reading.error.ToString());
    if (end != ends.end()) {
      CHECK(reading.outcome == Event::kEnd);
      CHECK(reading.streams.size() == static_cast<size_t>(end - ends.begin()));
    } else {
      CHECK(reading.outcome == Event::kError);
      CHECK(reading.error.offset == length);
      CHECK_THAT(reading.error.rule, Catch::Contains("cut off"));
    }
  }
}

TEST_CASE("A broken header is told by its place and its rule", "[layer]") {
  struct Case {
    std::string bytes;
    uint64_t offset;
    const char* rule;
  };
  const std::string data = Encode({MakeStream(Id::kData, "abc")});  // 23 bytes.
  std::string beyond = RawHeader(9, 8, 4096 + 8, 0);
  AppendLittleEndian<uint64_t>(INT64_MAX - 4095, &beyond);
  std::string negative = RawHeader(9, 8, 8, 0);
  AppendLittleEndian<uint64_t>(UINT64_MAX, &negative);
  const Case cases[] = {
      {RawHeader(0, 0, 0, 0), 0, "a stream's id must not be 0"},
      {data + RawHeader(0, 0, 0, 0), 23, "a stream's id must not be 0"},
      {RawHeader(1, 0, UINT64_MAX, 0), 8,
       "the stream's size must be at most 9223372036854775807 bytes, is 18446744073709551615"},
      {RawHeader(3, 0, kMaxMetadataBytes + 1, 0), 8,
       "the stream's size must be at most 1048576 bytes, is 1048577"},
      {RawHeader(77, 0, uint64_t{1} << 50, 0), 8,
       "the stream's size must be at most 1048576 bytes, is 1125899906842624"},
      {data + RawHeader(9, 8, 7, 0), 31,
       "a sparse block must have at least the 8 bytes of its offset, has 7"},
      {RawHeader(4, 0, 0, 5), 16,
       "the stream's name must have an even number of bytes (UTF-16), has 5"},
      {RawHeader(4, 0, 0, 594), 16, "the stream's name must be at most 592 bytes, is 594"},
      {RawHeader(4, 0, 0, UINT32_MAX), 16,
       "the stream's name must be at most 592 bytes, is 4294967295"},
      {RawHeader(4, 0, 0, 0), 16, "alternate data must have a name"},
      {RawHeader(9, 8, 8, 0), 0, "a sparse block must follow the data stream that it belongs to"},
      {data + beyond, 43,
       "a sparse block must end at or before offset 9223372036854775807, this one begins at "
       "9223372036854771712 and has 4096 bytes"},
      {data + negative, 43,
       "a sparse block must end at or before offset 9223372036854775807, this one begins at -1 "
       "and has 0 bytes"},
  };
  for (const Case& test : cases) {
    const BackupStreamError error = ErrorOf(test.bytes);
    CHECK(error.rule == test.rule);
    CHECK(error.offset == test.offset);
  }
  CHECK(ErrorOf(RawHeader(0, 0, 0, 0)).ToString() ==
        "backup stream, byte 0: a stream's id must not be 0");
}

TEST_CASE("An error is told before the name or data that it claims are there", "[layer]") {
  BackupStreamReader reader;
  const std::string bytes = RawHeader(4, 0, 10, UINT32_MAX);
  reader.Feed(bytes);
  CHECK(reader.Next() == Event::kError);
  CHECK(reader.Next() == Event::kError);
}

TEST_CASE("Content may claim any size that a file can have", "[layer]") {
  BackupStreamReader reader;
  const std::string bytes = RawHeader(1, 0, INT64_MAX, 0) + "begin";
  reader.Feed(bytes);
  REQUIRE(reader.Next() == Event::kHeader);
  CHECK(reader.header().size == INT64_MAX);
  REQUIRE(reader.Next() == Event::kData);
  CHECK(reader.data() == "begin");
  REQUIRE(reader.Next() == Event::kNeedInput);
  reader.Finish();
  REQUIRE(reader.Next() == Event::kError);
  CHECK(reader.error().rule == "the stream's data is cut off after 5 of 9223372036854775807 bytes");
}

TEST_CASE("What a reader would refuse is not written", "[layer]") {
  const BackupStreamHeader broken[] = {
      {.id = static_cast<Id>(0)},
      {.id = Id::kData, .size = uint64_t{INT64_MAX} + 1},
      {.id = Id::kSecurityData, .size = kMaxMetadataBytes + 1},
      {.id = Id::kAlternateData},
      {.id = Id::kAlternateData, .name = std::u16string(kMaxStreamNameBytes / 2 + 1, 'x')},
      {.id = Id::kSparseBlock, .size = 1, .sparse_offset = INT64_MAX},
      {.id = Id::kSparseBlock, .size = UINT64_MAX},
      {.id = Id::kSparseBlock, .size = INT64_MAX},
  };
  for (const BackupStreamHeader& header : broken) {
    std::string bytes = "as it was";
    CHECK(AppendBackupStreamHeader(header, &bytes).has_value());
    CHECK(bytes == "as it was");
  }
}

}  // namespace
}  // namespace hcs::layer
