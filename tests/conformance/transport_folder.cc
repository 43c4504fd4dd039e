#include "tests/conformance/transport_folder.h"

#include <catch2/catch.hpp>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/layer/backup_stream/file_info.h"
#include "core/layer/backup_stream/little_endian.h"
#include "core/layer/backup_stream/stream_reader.h"
#include "core/layer/rooted_folder.h"
#include "core/platform/unicode.h"

namespace hcs::conformance {
namespace {

using layer::RootedFile;
using layer::RootedFolder;

constexpr std::string_view kTombstones = "tombstones.txt";
constexpr std::string_view kFirstLine = "\xEF\xBB\xBFVersion 1.0\n";
constexpr std::string_view kSuffix = ".$wcidirs$";

// "Files\a": as a folder's own names are.
std::string Relative(const std::u16string& name) { return platform::Utf16ToUtf8(name.substr(1)); }

bool IsFolder(const Entry& entry) {
  return (entry.info.FileAttributes & layer::kAttributeDirectory) != 0;
}

std::string ContentOf(const std::string& stream) {
  std::string content;
  layer::BackupStreamReader reader;
  reader.Feed(stream);
  for (;;) {
    switch (reader.Next()) {
      case layer::BackupStreamReader::Event::kData:
        if (reader.header().id == layer::BackupStreamId::kData) content += reader.data();
        break;
      case layer::BackupStreamReader::Event::kNeedInput: return content;
      default: break;
    }
  }
}

void WriteFile(RootedFolder* folder, const std::string& name, const std::string& bytes,
               const abi::FILE_BASIC_INFO& info) {
  auto file = folder->CreateFile(name);
  REQUIRE(file.ok());
  REQUIRE(file->WriteAt(0, bytes).ok());
  REQUIRE(file->SetTimes(info).ok());
}

void WriteEntry(RootedFolder* folder, const Entry& entry) {
  const std::string name = Relative(entry.name);
  const bool stored = IsBelowFiles(entry.name);
  const bool leads_elsewhere =
      IsFolder(entry) && (entry.info.FileAttributes & layer::kAttributeReparsePoint) != 0;
  if (IsFolder(entry) && !leads_elsewhere && name != "Files" && name != "Hives") {
    REQUIRE(folder->CreateDirectory(name).ok());
  }
  if (!stored && IsFolder(entry)) return;
  std::string bytes;
  if (stored) layer::AppendLittleEndian<uint32_t>(entry.info.FileAttributes, &bytes);
  bytes += stored ? entry.stream : ContentOf(entry.stream);
  WriteFile(folder, IsFolder(entry) ? name + std::string(kSuffix) : name, bytes, entry.info);
}

std::string ReadAll(const RootedFile& file) {
  std::string bytes(file.Size().value(), '\0');
  REQUIRE(file.ReadAt(0, bytes.data(), bytes.size()).value() == bytes.size());
  return bytes;
}

std::u16string NameOf(const std::string& relative) {
  return u"\\" + platform::Utf8ToUtf16(relative);
}

Entry ReadStored(RootedFolder* folder, const std::string& name, const std::string& file_name) {
  auto file = folder->OpenItem(file_name);
  REQUIRE(file.ok());
  Entry entry = {NameOf(name), false, file->BasicInfo().value(), {}, 0};
  const std::string bytes = ReadAll(*file);
  REQUIRE(bytes.size() >= 4);
  entry.info.FileAttributes = layer::LoadLittleEndian<uint32_t>(bytes, 0);
  entry.stream = bytes.substr(4);
  layer::BackupStreamReader reader;
  reader.Feed(entry.stream);
  for (bool content = false;;) {
    const auto event = reader.Next();
    if (event == layer::BackupStreamReader::Event::kNeedInput) return entry;
    if (event != layer::BackupStreamReader::Event::kHeader) continue;
    content = reader.header().id == layer::BackupStreamId::kData ||
              (content && reader.header().id == layer::BackupStreamId::kSparseBlock);
    if (content && !IsFolder(entry)) {
      entry.size = static_cast<int64_t>(reader.header().sparse_offset + reader.header().size);
    }
  }
}

Entry ReadPlain(RootedFolder* folder, const std::string& name) {
  auto file = folder->OpenItem(name);
  REQUIRE(file.ok());
  Entry entry = {NameOf(name), false, file->BasicInfo().value(), {}, 0};
  if (IsFolder(entry)) return entry;
  const std::string content = ReadAll(*file);
  entry.size = static_cast<int64_t>(content.size());
  if (!content.empty()) entry.stream = DataStream(content);
  return entry;
}

void ReadFolder(RootedFolder* folder, const std::string& name, Entries* entries) {
  const auto items = folder->List(name).value();
  std::set<std::string> folders;
  for (const layer::FolderItem& item : items) {
    if (item.kind == layer::ItemKind::kDirectory) folders.insert(item.name);
  }
  for (const layer::FolderItem& item : items) {
    REQUIRE(item.kind != layer::ItemKind::kOther);
    std::string own = item.name;
    const std::string path = name.empty() ? own : name + "\\" + own;
    const bool directory = item.kind == layer::ItemKind::kDirectory;
    if (path == kTombstones) continue;
    if (!IsBelowFiles(NameOf(path))) {
      entries->push_back(ReadPlain(folder, path));
    } else if (directory) {
      entries->push_back(ReadStored(folder, path, path + std::string(kSuffix)));
    } else if (!own.ends_with(kSuffix)) {
      entries->push_back(ReadStored(folder, path, path));
    } else if (own.resize(own.size() - kSuffix.size()); !folders.contains(own)) {
      entries->push_back(ReadStored(folder, path.substr(0, path.size() - kSuffix.size()), path));
    }
    if (directory) ReadFolder(folder, path, entries);
  }
}

}  // namespace

bool IsBelowFiles(const std::u16string& name) { return name.starts_with(uR"(\Files\)"); }

void WriteTransportFolder(const std::filesystem::path& path, const Entries& entries) {
  auto folder = RootedFolder::Open(path);
  REQUIRE(folder.ok());
  REQUIRE(folder->CreateDirectory("Files").ok());
  REQUIRE(folder->CreateDirectory("Hives").ok());
  std::string tombstones(kFirstLine);
  for (const Entry& entry : entries) {
    if (!entry.removed) {
      WriteEntry(&*folder, entry);
    } else if (IsBelowFiles(entry.name)) {
      tombstones += platform::Utf16ToUtf8(entry.name.substr(6)) + "\n";
    }
  }
  WriteFile(&*folder, std::string(kTombstones), tombstones, {});
  // What comes into a folder changes its times.
  for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
    if (entry->removed || !IsFolder(*entry) || IsBelowFiles(entry->name)) continue;
    auto item = folder->OpenItem(Relative(entry->name));
    REQUIRE(item.ok());
    REQUIRE(item->SetTimes(entry->info).ok());
  }
}

Entries ReadTransportFolder(const std::filesystem::path& path) {
  auto folder = RootedFolder::Open(path);
  REQUIRE(folder.ok());
  Entries entries;
  auto file = folder->OpenItem(kTombstones);
  REQUIRE(file.ok());
  std::string tombstones = ReadAll(*file);
  REQUIRE(tombstones.starts_with(kFirstLine));
  for (size_t begin = kFirstLine.size(); begin < tombstones.size();) {
    const size_t end = tombstones.find('\n', begin);
    entries.push_back(Removal(NameOf("Files" + tombstones.substr(begin, end - begin))));
    begin = end + 1;
  }
  ReadFolder(&*folder, "", &entries);
  return entries;
}

}  // namespace hcs::conformance
