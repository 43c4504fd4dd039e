#include <catch2/catch.hpp>
#include <string>

#include "core/layer/any_tar/layer_tar_format.h"
#include "core/layer/any_tar/tar_layer_reader.h"
#include "core/layer/compression/compressor.h"
#include "tests/unit/layer_tar_archive.h"
#include "tests/unit/layer_test_entries.h"

namespace hcs::layer {
namespace {

// In pieces of `piece` bytes, each in memory that is gone with the next.
class Pieces {
 public:
  Pieces(std::string bytes, size_t piece) : bytes_(std::move(bytes)), piece_(piece) {}

  absl::StatusOr<std::string_view> operator()() {
    const std::string_view rest = std::string_view(bytes_).substr(position_, piece_);
    position_ += rest.size();
    last_ = std::make_unique<std::string>(rest);
    return std::string_view(*last_);
  }

 private:
  std::string bytes_;
  size_t piece_;
  size_t position_ = 0;
  std::unique_ptr<std::string> last_;
};

TarLayerReader::Source SourceOf(const std::string& bytes, size_t piece) {
  return [pieces = std::make_shared<Pieces>(bytes, piece)] { return (*pieces)(); };
}

std::string TarOf(LayerTarFormat format, const std::vector<WholeEntry>& entries) {
  std::string bytes;
  const auto writer = MakeLayerTarWriter(format, [&](std::string_view piece) {
    bytes += piece;
    return absl::OkStatus();
  });
  absl::Status status = WriteAll(entries, writer.get());
  if (status.ok()) status = writer->Commit();
  INFO(status);
  REQUIRE(status.ok());
  return bytes;
}

std::vector<WholeEntry> SomeEntries() {
  return {MakeDirectory("Files\\d"), MakeFile("Files\\d\\f", std::string(100'000, 'x')),
          MakeFile("Files\\d\\empty", "", 0), MakeRemoved("Files\\gone"),
          MakeLink("Files\\link", "Files\\d\\f")};
}

std::string Compressed(const std::string& raw, Compression compression, std::string* digest) {
  Compressor compressor(compression);
  std::string bytes;
  compressor.Append(raw, &bytes);
  compressor.Finish(&bytes);
  *digest = compressor.CompressedDigest();
  return bytes;
}

TEST_CASE("a layer is copied from its tar, however that travels", "[layer]") {
  const auto format = GENERATE(LayerTarFormat::kWindows, LayerTarFormat::kLinux);
  const auto compression = GENERATE(Compression::kNone, Compression::kGzip, Compression::kZstd);
  const size_t piece = GENERATE(1, 1000, 1 << 20);
  const bool sniffs = GENERATE(false, true);
  const std::string raw = TarOf(format, SomeEntries());
  std::string digest;
  const std::string travelling = Compressed(raw, compression, &digest);
  TarLayerReader reader(SourceOf(travelling, piece),
                        sniffs ? MakeSniffingTarReader() : MakeLayerTarReader(format));
  std::string copy;
  // The sniffing reader takes a Linux tar for one by its first member, "d".
  const auto writer = MakeLayerTarWriter(format, [&](std::string_view bytes) {
    copy += bytes;
    return absl::OkStatus();
  });
  const absl::Status copied = CopyEntries(&reader, writer.get());
  INFO(copied);
  REQUIRE(copied.ok());
  REQUIRE(writer->Commit().ok());
  CHECK(copy == raw);
  CHECK(reader.bytes().compression() == compression);
  CHECK(reader.bytes().CompressedDigest() == digest);
  CHECK(reader.bytes().raw_bytes() == raw.size());
  CHECK(reader.bytes().compressed_bytes() == travelling.size());
}

TEST_CASE("what is left of an entry is passed over, and its end is told again", "[layer]") {
  const std::string raw = TarOf(LayerTarFormat::kLinux, SomeEntries());
  TarLayerReader reader(SourceOf(raw, 777), MakeLayerTarReader(LayerTarFormat::kLinux));
  LayerEntry entry;
  CHECK(reader.Read()->empty());
  std::vector<std::string> names;
  while (reader.Next(&entry).value()) {
    names.push_back(entry.name);
    if (names.size() == 2) CHECK_FALSE(reader.Read()->empty());
    if (names.size() != 3) continue;
    while (!reader.Read()->empty()) {
    }
    CHECK(reader.Read()->empty());
  }
  CHECK(names.size() == 5);
  CHECK_FALSE(reader.Next(&entry).value());
  CHECK(reader.Read()->empty());
}

TEST_CASE("a source's failure is the reader's, and stays", "[layer]") {
  const std::string raw = TarOf(LayerTarFormat::kLinux, SomeEntries());
  int calls = 0;
  TarLayerReader reader(
      [&]() -> absl::StatusOr<std::string_view> {
        if (++calls == 1) return std::string_view(raw).substr(0, 5000);
        return absl::UnavailableError("the line is cut");
      },
      MakeSniffingTarReader());
  LayerEntry entry;
  absl::StatusOr<bool> more = true;
  while (more.ok() && *more) more = reader.Next(&entry);
  CHECK(more.status() == absl::UnavailableError("the line is cut"));
  CHECK(reader.Next(&entry).status() == more.status());
  CHECK(reader.Read().status() == more.status());
  CHECK(calls == 2);
}

TEST_CASE("a tar that travels cut is none, wherever", "[layer]") {
  const auto compression = GENERATE(Compression::kNone, Compression::kGzip, Compression::kZstd);
  const std::string raw = TarOf(LayerTarFormat::kWindows, {MakeFile("Files\\f", "abc")});
  std::string digest;
  const std::string whole = Compressed(raw, compression, &digest);
  for (size_t size = 0; size < whole.size(); ++size) {
    TarLayerReader reader(SourceOf(whole.substr(0, size), 100), MakeSniffingTarReader());
    if (ReadAll(&reader).ok()) FAIL("cut at " << size);
  }
}

TEST_CASE("the first member tells the system of a layer's tar", "[layer]") {
  for (const char* name : {"Files", "Files/Windows", "Hives", "Hives/x", "UtilityVM/Files"}) {
    CHECK(FormatOfFirstMember(name) == LayerTarFormat::kWindows);
  }
  for (const char* name : {".", "./Files", "bin", "files/x", "Filesystem", ".wh.x", ""}) {
    CHECK(FormatOfFirstMember(name) == LayerTarFormat::kLinux);
  }
}

TEST_CASE("a tar without entries is a layer, of whatever system", "[layer]") {
  TarLayerReader reader(SourceOf(TarEnd(), 100), MakeSniffingTarReader());
  CHECK(ReadAll(&reader)->empty());
}

TEST_CASE("a tar's start does not fill the memory", "[layer]") {
  std::string header = RawMember('g', "h", "20 VENDOR.a=bcdefgh\n");
  int calls = 0;
  TarLayerReader reader(
      [&]() -> absl::StatusOr<std::string_view> {
        ++calls;
        return header;
      },
      MakeSniffingTarReader({.limits = {.max_name_bytes = 100, .max_extension_bytes = 4096}}));
  CHECK(std::string(ReadAll(&reader).status().message()).find("before its first entry") !=
        std::string::npos);
  CHECK(calls == 17);
}

}  // namespace
}  // namespace hcs::layer
