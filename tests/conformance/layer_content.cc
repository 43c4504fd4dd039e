#include "tests/conformance/layer_content.h"

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cstring>
#include <utility>

#include "core/layer/backup_stream/file_info.h"
#include "core/layer/backup_stream/little_endian.h"
#include "core/layer/backup_stream/stream_header.h"
#include "core/platform/unicode.h"
#include "tests/conformance/this_system.h"
#include "tests/conformance/transport_folder.h"

namespace hcs::conformance {
namespace {

using layer::AppendLittleEndian;
using layer::BackupStreamHeader;
using layer::BackupStreamId;

// 2020-01-02, and some more for each.
constexpr int64_t kTime = 132223968000000000;

std::string Stream(const BackupStreamHeader& header, const std::string& data) {
  std::string bytes;
  REQUIRE_FALSE(layer::AppendBackupStreamHeader(header, &bytes));
  return bytes + data;
}

std::string Stream(BackupStreamId id, const std::string& data) {
  return Stream({.id = id, .size = data.size(), .name = {}}, data);
}

std::string Block(uint64_t offset, const std::string& data) {
  return Stream({.id = BackupStreamId::kSparseBlock,
                 .attributes = layer::kStreamSparse,
                 .size = data.size(),
                 .name = {},
                 .sparse_offset = offset},
                data);
}

std::string AttributesStream(const std::vector<std::pair<std::string, std::string>>& attributes) {
  std::string bytes;
  for (size_t i = 0; i < attributes.size(); ++i) {
    const auto& [name, value] = attributes[i];
    std::string one;
    AppendLittleEndian<uint8_t>(0, &one);
    AppendLittleEndian<uint8_t>(static_cast<uint8_t>(name.size()), &one);
    AppendLittleEndian<uint16_t>(static_cast<uint16_t>(value.size()), &one);
    one += name + '\0' + value;
    const bool last = i + 1 == attributes.size();
    if (!last) one.resize((one.size() + 3) / 4 * 4);
    AppendLittleEndian<uint32_t>(last ? 0 : static_cast<uint32_t>(one.size() + 4), &bytes);
    bytes += one;
  }
  return Stream(BackupStreamId::kEaData, bytes);
}

std::string Number(uint32_t number) {
  std::string bytes;
  AppendLittleEndian<uint32_t>(number, &bytes);
  return bytes;
}

abi::FILE_BASIC_INFO InfoOf(const std::u16string& name, uint32_t attributes) {
  const auto own = static_cast<int64_t>(std::hash<std::u16string>()(name) % 1000000000000);
  return {kTime + own, kTime + own + 12345671, kTime + own + 7, kTime + own + 9, attributes, 0};
}

}  // namespace

bool operator==(const Entry& one, const Entry& other) {
  return one.name == other.name && one.removed == other.removed && one.size == other.size &&
         std::memcmp(&one.info, &other.info, sizeof(one.info)) == 0 && one.stream == other.stream;
}

std::ostream& operator<<(std::ostream& stream, const Entry& entry) {
  stream << platform::Utf16ToUtf8(entry.name) << (entry.removed ? " removed" : "") << " attributes "
         << std::hex << entry.info.FileAttributes << std::dec << " times "
         << entry.info.CreationTime << " " << entry.info.LastAccessTime << " "
         << entry.info.LastWriteTime << " " << entry.info.ChangeTime << " size " << entry.size
         << " stream of " << entry.stream.size();
  return stream;
}

Entry Folder(const std::u16string& name) {
  return {name, false, InfoOf(name, layer::kAttributeDirectory), {}, 0};
}

Entry File(const std::u16string& name, const std::string& content) {
  return {name, false, InfoOf(name, layer::kAttributeArchive), DataStream(content),
          static_cast<int64_t>(content.size())};
}

Entry RichFile(const std::u16string& name) {
  const std::string zeros(70000, '\0');
  Entry entry = {name,
                 false,
                 InfoOf(name, layer::kAttributeReadOnly | layer::kAttributeHidden |
                                  layer::kAttributeSparseFile),
                 {},
                 1 << 20};
  entry.stream =
      Stream(BackupStreamId::kSecurityData, std::string("\1\0\4\x80 descriptor", 15)) +
      AttributesStream({{"ONE", "value"}, {"TWO", std::string(300, 'x')}}) +
      Stream({.id = BackupStreamId::kData, .attributes = layer::kStreamSparse, .name = {}}, {}) +
      Block(4096, "a block") + Block(65536, zeros) + Block(1 << 20, {}) +
      Stream({.id = BackupStreamId::kAlternateData, .size = 6, .name = u":Zone:$DATA"}, "inside") +
      Stream({.id = BackupStreamId::kAlternateData,
              .attributes = layer::kStreamSparse,
              .size = 0,
              .name = u":sparse \u00e9:$DATA"},
             {}) +
      Block(8, "in the alternate one") + Stream(BackupStreamId::kPropertyData, "property") +
      Stream(BackupStreamId::kObjectId, std::string(64, '\7')) +
      Stream(BackupStreamId::kTxfData, "transaction") +
      Stream(static_cast<BackupStreamId>(0x1234), "of a later Windows");
  return entry;
}

Entry Removal(const std::u16string& name) { return {name, true, {}, {}, 0}; }

std::string DataStream(const std::string& content) {
  return Stream(BackupStreamId::kData, content);
}

std::string ReparseStream(uint32_t tag, const std::string& data) {
  return Stream(BackupStreamId::kReparseData,
                Number(tag) + Number(static_cast<uint32_t>(data.size())) + data);
}

std::string LinuxStream(uint32_t mode, uint32_t user, uint32_t group) {
  return AttributesStream(
      {{"$LXUID", Number(user)}, {"$LXGID", Number(group)}, {"$LXMOD", Number(mode)}});
}

Import::Import(Layer* layer, const Layer::Parents& parents) {
  Descriptors descriptors(parents);
  begun_ = Table().ImportLayerBegin(layer->info(), layer->id(), descriptors.data(),
                                    descriptors.size(), &context_);
}

Import::~Import() {
  if (context_ != nullptr) End();
}

Code Import::Next(const Entry& entry) {
  abi::FILE_BASIC_INFO info = entry.info;
  return Table().ImportLayerNext(context_, entry.name.c_str(), entry.removed ? nullptr : &info);
}

Code Import::Write(const std::string& bytes) {
  return Table().ImportLayerWrite(context_, reinterpret_cast<const uint8_t*>(bytes.data()),
                                  static_cast<uint32_t>(bytes.size()));
}

Code Import::Add(const Entry& entry, size_t piece) {
  if (const Code code = Next(entry); !code.ok()) return code;
  if (piece == 0) piece = std::max<size_t>(entry.stream.size(), 1);
  for (size_t offset = 0; offset < entry.stream.size(); offset += piece) {
    if (const Code code = Write(entry.stream.substr(offset, piece)); !code.ok()) return code;
  }
  return abi::S_OK;
}

Code Import::End() { return Table().ImportLayerEnd(std::exchange(context_, nullptr)); }

bool HasLayerStreams() {
  void* context = nullptr;
  // A library that exports it may have been told not to have it.
  return Table().ImportLayerBegin != nullptr &&
         !(Code(Table().ImportLayerBegin(nullptr, u"", nullptr, 0, &context)) ==
           abi::ERROR_NOT_SUPPORTED);
}

bool NeedsLayerStreams() {
  if (HasLayerStreams()) return true;
  DoesNotApply("this host takes and gives layers by transport folders alone");
  return false;
}

Code ImportFolder(Layer* layer, const std::filesystem::path& folder,
                  const Layer::Parents& parents) {
  Descriptors descriptors(parents);
  return Table().ImportLayer(layer->info(), layer->id(), Wide(HostPath(folder)).c_str(),
                             descriptors.data(), descriptors.size());
}

Code ExportFolder(Layer* layer, const std::filesystem::path& folder,
                  const Layer::Parents& parents) {
  Descriptors descriptors(parents);
  return Table().ExportLayer(layer->info(), layer->id(), Wide(HostPath(folder)).c_str(),
                             descriptors.data(), descriptors.size());
}

Entries Comparable(Entries entries) {
  if (HasLayerStreams()) return entries;
  std::erase_if(entries, [](const Entry& entry) {
    return !entry.removed && (entry.name == uR"(\Files)" || entry.name == uR"(\Hives)");
  });
  std::ranges::stable_sort(entries, {}, &Entry::name);
  return entries;
}

Code ImportAll(Layer* layer, const Entries& entries, const Layer::Parents& parents) {
  if (!HasLayerStreams()) {
    const TemporaryFolder folder;
    WriteTransportFolder(folder.path(), entries);
    return ImportFolder(layer, folder.path(), parents);
  }
  Import import(layer, parents);
  if (!import.begun().ok()) return import.begun();
  for (const Entry& entry : entries) {
    if (const Code code = import.Add(entry); !code.ok()) return code;
  }
  return import.End();
}

Entries ExportAll(Layer* layer, const Layer::Parents& parents) {
  if (!HasLayerStreams()) {
    const TemporaryFolder folder;
    REQUIRE(ExportFolder(layer, folder.path(), parents) == abi::S_OK);
    return ReadTransportFolder(folder.path());
  }
  Descriptors descriptors(parents);
  void* context = nullptr;
  REQUIRE(Code(Table().ExportLayerBegin(layer->info(), layer->id(), descriptors.data(),
                                        descriptors.size(), &context)) == abi::S_OK);
  Entries entries;
  for (;;) {
    Entry entry;
    abi::PWSTR name = nullptr;
    uint32_t removed = 2;
    const Code code = Table().ExportLayerNext(context, &name, &entry.info, &entry.size, &removed);
    if (code == abi::ERROR_NO_MORE_FILES) break;
    REQUIRE(code == abi::S_OK);
    REQUIRE(name != nullptr);
    REQUIRE(removed < 2);
    entry.name = name;
    entry.removed = removed == 1;
    Table().CoTaskMemFree(name);
    std::array<uint8_t, 50000> buffer{};
    uint32_t count = 0;
    do {
      REQUIRE(Code(Table().ExportLayerRead(context, buffer.data(),
                                           static_cast<uint32_t>(buffer.size()), &count)) ==
              abi::S_OK);
      entry.stream.append(buffer.begin(), buffer.begin() + count);
    } while (count > 0);
    entries.push_back(std::move(entry));
  }
  REQUIRE(Code(Table().ExportLayerEnd(context)) == abi::S_OK);
  return entries;
}

bool Has(const Entries& entries, const std::u16string& name) {
  return std::ranges::any_of(entries, [&](const Entry& entry) { return entry.name == name; });
}

const Entry& Named(const Entries& entries, const std::u16string& name) {
  INFO(platform::Utf16ToUtf8(name));
  REQUIRE(std::ranges::count(entries, name, &Entry::name) == 1);
  return *std::ranges::find(entries, name, &Entry::name);
}

}  // namespace hcs::conformance
