#include "tests/bench/generated_layer.h"

#include <algorithm>
#include <utility>

#include "core/layer/backup_stream/file_info.h"
#include "core/layer/backup_stream/stream_header.h"
#include "core/layer/ea_data.h"
#include "core/layer/reparse_buffer.h"

namespace hcs::bench {
namespace {

using layer::BackupStreamId;
using layer::LayerEntry;

constexpr size_t kContentBytes = 16 << 20;
constexpr int kMostInFolder = 60;
constexpr size_t kDescriptors = 20;
constexpr size_t kDescriptorBytes = 164;

std::string RandomBytes(std::mt19937_64* random, size_t size) {
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>((*random)());
  return bytes;
}

void AppendStream(BackupStreamId id, std::string_view data, std::u16string name,
                  std::string* stream) {
  const auto broken = layer::AppendBackupStreamHeader(
      {.id = id, .size = data.size(), .name = std::move(name)}, stream);
  if (!broken) stream->append(data);
}

}  // namespace

GeneratedLayer::GeneratedLayer(int entries) : left_(entries), folders_({"Files"}) {
  content_ = RandomBytes(&random_, kContentBytes);
}

absl::StatusOr<bool> GeneratedLayer::Next(LayerEntry* entry) {
  if (left_ == 0) return false;
  --left_;
  ++number_;
  *entry = {};
  stream_.clear();
  stream_told_ = false;
  if (left_in_folder_ == 0) {
    if (number_ > 1 && folder_ + 1 < folders_.size()) ++folder_;
    left_in_folder_ = 1 + static_cast<int>(Below(kMostInFolder));
  }
  --left_in_folder_;
  const uint64_t kind = Below(100);
  if (kind < 8 || folders_.size() < folder_ + 2) {
    MakeFolder(entry);
  } else if (kind < 14 && !files_.empty()) {
    MakeHardLink(entry);
  } else if (kind < 17) {
    MakeReparsePoint(entry);
  } else if (kind < 20) {
    MakeRemoval(entry);
  } else {
    MakeFile(entry);
  }
  return true;
}

absl::StatusOr<std::string_view> GeneratedLayer::Read() {
  if (std::exchange(stream_told_, true)) return std::string_view();
  return std::string_view(stream_);
}

std::string GeneratedLayer::NewName(const char* extension) {
  // One in a hundred has a name that is not ASCII.
  const char* begin = Below(100) == 0 ? "\u00FCber-" : "microsoft-windows-";
  return folders_[folder_] + "\\" + begin + std::to_string(Below(1'000'000'000)) + "_" +
         std::to_string(number_) + extension;
}

int64_t GeneratedLayer::Times(LayerEntry* entry) {
  const auto written = static_cast<int64_t>(132'000'000'000'000'000 + Below(1'000'000'000'000'000));
  entry->basic_info.CreationTime = written - static_cast<int64_t>(Below(1'000'000'000));
  entry->basic_info.LastAccessTime = written + 1;
  entry->basic_info.LastWriteTime = written;
  entry->basic_info.ChangeTime = written + static_cast<int64_t>(Below(1'000'000'000));
  return written;
}

void GeneratedLayer::AppendSecurity() {
  const size_t which = Below(kDescriptors) * kDescriptorBytes;
  AppendStream(BackupStreamId::kSecurityData, {content_.data() + which, kDescriptorBytes}, {},
               &stream_);
}

void GeneratedLayer::MakeFolder(LayerEntry* entry) {
  entry->name = NewName("");
  entry->basic_info.FileAttributes = layer::kAttributeDirectory;
  Times(entry);
  AppendSecurity();
  folders_.push_back(entry->name);
}

// Half of the files are smaller than 2 KiB, one in a hundred has up to 1 MiB.
int64_t GeneratedLayer::SizeOfFile() {
  if (Below(20) == 0) return 0;
  const uint64_t magnitude = Below(100);
  if (magnitude < 50) return static_cast<int64_t>(Below(2 << 10));
  if (magnitude < 90) return static_cast<int64_t>(Below(8 << 10));
  if (magnitude < 99) return static_cast<int64_t>(Below(32 << 10));
  return static_cast<int64_t>(Below(1 << 20));
}

void GeneratedLayer::MakeFile(LayerEntry* entry) {
  entry->name = NewName(".dll");
  entry->basic_info.FileAttributes = layer::kAttributeArchive;
  Times(entry);
  entry->size = SizeOfFile();
  AppendSecurity();
  if (Below(10) == 0) {
    const auto data = layer::BuildEaData({{0, "$KERNEL.PURGE.ESBCACHE", content_.substr(0, 64)}});
    if (data.ok()) AppendStream(BackupStreamId::kEaData, *data, {}, &stream_);
  }
  if (Below(100) == 0) {
    AppendStream(BackupStreamId::kObjectId, {content_.data(), 64}, {}, &stream_);
  }
  if (entry->size > 0) {
    const auto size = static_cast<size_t>(entry->size);
    const size_t from = Below(content_.size() - size);
    AppendStream(BackupStreamId::kData, {content_.data() + from, size}, {}, &stream_);
  }
  if (Below(20) == 0) {
    AppendStream(BackupStreamId::kAlternateData, "[ZoneTransfer]\r\nZoneId=3\r\n",
                 u":Zone.Identifier:$DATA", &stream_);
  }
  files_.push_back(entry->name);
}

void GeneratedLayer::MakeHardLink(LayerEntry* entry) {
  entry->kind = LayerEntry::Kind::kLink;
  entry->name = NewName(".link");
  entry->link_target = files_[Below(files_.size())];
}

void GeneratedLayer::MakeReparsePoint(LayerEntry* entry) {
  entry->name = NewName(".lnk");
  entry->basic_info.FileAttributes = layer::kAttributeReparsePoint;
  Times(entry);
  layer::ReparseLink link = {layer::kSymbolicLinkTag, u"..\\target.dll", u"..\\target.dll", true};
  if (Below(2) == 0) {
    entry->basic_info.FileAttributes |= layer::kAttributeDirectory;
    link = {layer::kMountPointTag, u"\\??\\C:\\Windows", u"C:\\Windows", false};
  }
  AppendSecurity();
  const auto data = layer::BuildReparseBuffer(link);
  if (data.ok()) AppendStream(BackupStreamId::kReparseData, *data, {}, &stream_);
}

void GeneratedLayer::MakeRemoval(LayerEntry* entry) {
  entry->kind = LayerEntry::Kind::kRemoved;
  entry->name = NewName(".old");
}

}  // namespace hcs::bench
