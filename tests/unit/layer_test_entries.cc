#include "tests/unit/layer_test_entries.h"

#include <cstdlib>
#include <stdexcept>
#include <utility>

#include "core/layer/backup_stream/file_info.h"
#include "core/layer/backup_stream/stream_header.h"

namespace hcs::layer {
namespace {

namespace fs = std::filesystem;

// Not Catch2's, since fuzz targets use this, too.
void Must(bool holds, const char* what) {
  if (!holds) throw std::runtime_error(what);
}

void AppendStream(const BackupStreamHeader& header, std::string_view data, std::string* bytes) {
  Must(!AppendBackupStreamHeader(header, bytes), "the header must keep the rules");
  Must(header.size == data.size(), "the header must have the data's size");
  *bytes += data;
}

// Four different times for every name, all after 1970.
abi::FILE_BASIC_INFO InfoFor(std::string_view name, uint32_t attributes) {
  const int64_t seed = static_cast<int64_t>(std::hash<std::string_view>()(name) % 1'000'000'000);
  const int64_t begin = 131193668967891234 + seed;
  return {begin, begin + 10'000'001, begin + 20'000'002, begin + 30'000'003, attributes, 0};
}

bool SameInfo(const abi::FILE_BASIC_INFO& a, const abi::FILE_BASIC_INFO& b) {
  return a.CreationTime == b.CreationTime && a.LastAccessTime == b.LastAccessTime &&
         a.LastWriteTime == b.LastWriteTime && a.ChangeTime == b.ChangeTime &&
         a.FileAttributes == b.FileAttributes;
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
  std::string name = (fs::temp_directory_path() / "hcsd-layer-XXXXXX").string();
  Must(mkdtemp(name.data()) != nullptr, "a temporary folder can be made");
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code error;
  fs::remove_all(path_, error);
}

bool operator==(const WholeEntry& a, const WholeEntry& b) {
  return a.entry.kind == b.entry.kind && a.entry.name == b.entry.name &&
         a.entry.link_target == b.entry.link_target && a.entry.size == b.entry.size &&
         SameInfo(a.entry.basic_info, b.entry.basic_info) && a.stream == b.stream;
}

std::ostream& operator<<(std::ostream& out, const WholeEntry& whole) {
  const abi::FILE_BASIC_INFO& info = whole.entry.basic_info;
  return out << whole.entry.name << " (kind " << static_cast<int>(whole.entry.kind) << ", size "
             << whole.entry.size << ", attributes " << info.FileAttributes << ", created "
             << info.CreationTime << ", written " << info.LastWriteTime << ", stream of "
             << whole.stream.size() << " bytes)";
}

std::string DataStream(std::string_view content) {
  std::string bytes;
  AppendStream({.size = content.size()}, content, &bytes);
  return bytes;
}

std::string RichStream(std::string_view content) {
  std::string bytes;
  const auto append = [&bytes](BackupStreamHeader header, std::string_view data) {
    header.size = data.size();
    AppendStream(header, data, &bytes);
  };
  append({.id = BackupStreamId::kSecurityData, .attributes = 2}, "a security descriptor");
  append({.id = BackupStreamId::kEaData}, "extended attributes");
  append({.attributes = kStreamSparse}, "");
  append({.id = BackupStreamId::kSparseBlock, .attributes = kStreamSparse, .sparse_offset = 4096},
         content);
  append({.id = BackupStreamId::kSparseBlock,
          .attributes = kStreamSparse,
          .sparse_offset = 4096 + content.size()},
         "");
  append({.id = BackupStreamId::kAlternateData, .name = u":zone:$DATA"}, "internet");
  append({.id = BackupStreamId::kObjectId}, std::string(64, 'o'));
  return bytes;
}

WholeEntry MakeFile(std::string name, std::string stream, int64_t size, uint32_t attributes) {
  WholeEntry whole;
  whole.entry.basic_info = InfoFor(name, attributes);
  whole.entry.name = std::move(name);
  whole.entry.size = size;
  whole.stream = std::move(stream);
  return whole;
}

WholeEntry MakeFile(std::string name, std::string_view content) {
  return MakeFile(std::move(name), DataStream(content), static_cast<int64_t>(content.size()));
}

WholeEntry MakeDirectory(std::string name, uint32_t attributes) {
  return MakeFile(std::move(name), "", 0, attributes | kAttributeDirectory);
}

WholeEntry MakeLink(std::string name, std::string target) {
  WholeEntry whole;
  whole.entry.kind = LayerEntry::Kind::kLink;
  whole.entry.name = std::move(name);
  whole.entry.link_target = std::move(target);
  return whole;
}

WholeEntry MakeRemoved(std::string name) {
  WholeEntry whole;
  whole.entry.kind = LayerEntry::Kind::kRemoved;
  whole.entry.name = std::move(name);
  return whole;
}

absl::Status WriteAll(const std::vector<WholeEntry>& entries, LayerWriter* writer,
                      const std::function<size_t()>& next_length) {
  for (const WholeEntry& whole : entries) {
    if (absl::Status status = writer->Add(whole.entry); !status.ok()) return status;
    for (std::string_view rest = whole.stream; !rest.empty();) {
      const std::string_view piece = rest.substr(0, next_length());
      if (absl::Status status = writer->Write(piece); !status.ok()) return status;
      rest.remove_prefix(piece.size());
    }
  }
  return absl::OkStatus();
}

absl::Status WriteAll(const std::vector<WholeEntry>& entries, LayerWriter* writer) {
  return WriteAll(entries, writer, [] { return std::string_view::npos; });
}

absl::StatusOr<std::vector<WholeEntry>> ReadAll(LayerReader* reader) {
  std::vector<WholeEntry> entries;
  for (;;) {
    WholeEntry whole;
    const absl::StatusOr<bool> more = reader->Next(&whole.entry);
    if (!more.ok()) return more.status();
    if (!*more) return entries;
    for (;;) {
      const absl::StatusOr<std::string_view> piece = reader->Read();
      if (!piece.ok()) return piece.status();
      if (piece->empty()) break;
      whole.stream += *piece;
    }
    entries.push_back(std::move(whole));
  }
}

}  // namespace hcs::layer
