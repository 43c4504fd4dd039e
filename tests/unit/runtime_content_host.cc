#include "tests/unit/runtime_content_host.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <utility>

#include "core/abi/hresult.h"
#include "core/host/layer_address.h"
#include "core/layer/backup_stream/file_info.h"
#include "core/layer/transport_folder_reader.h"
#include "core/layer/transport_folder_writer.h"
#include "core/platform/unicode.h"
#include "core/runtime/image_store.h"
#include "core/runtime/layer_ledger.h"
#include "core/runtime/layer_scratch.h"
#include "core/runtime/recovery.h"
#include "core/runtime/state_store.h"

namespace hcs::runtime {
namespace {

namespace fs = std::filesystem;
using abi::DriverInfo;
using abi::HRESULT;
using abi::PCWSTR;
using abi::PWSTR;
using abi::WC_LAYER_DESCRIPTOR;
using layer::LayerEntry;
using layer::WholeEntry;

ContentHost* the_host = nullptr;

std::string Utf8(PCWSTR text) { return platform::Utf16ToUtf8(text); }

std::string PathOf(const DriverInfo* info, PCWSTR id) {
  return host::LayerAddress{Utf8(info->HomeDir), Utf8(id)}.path();
}

HRESULT AnswerOf(const std::string& function) {
  const auto found = the_host->failures.find(function);
  return found == the_host->failures.end() ? abi::S_OK : found->second;
}

// As a host does: the tree with the entries' own names.
void Furnish(const std::string& path, const std::vector<WholeEntry>& entries) {
  fs::create_directories(fs::path(path) / "Files");
  for (const WholeEntry& whole : entries) {
    if (whole.entry.kind != LayerEntry::Kind::kFile) continue;
    std::string name = whole.entry.name;
    std::replace(name.begin(), name.end(), '\\', '/');
    if ((whole.entry.basic_info.FileAttributes & layer::kAttributeDirectory) != 0) {
      fs::create_directories(fs::path(path) / name);
    } else {
      std::ofstream(fs::path(path) / name, std::ios::binary) << whole.stream;
    }
  }
}

struct Import {
  std::string path;
  std::vector<WholeEntry> entries;
};

struct Export {
  std::vector<WholeEntry> entries;
  size_t next = 0;
  size_t read = 0;
};

HRESULT BeginImport(DriverInfo* info, PCWSTR id, WC_LAYER_DESCRIPTOR*, uint32_t, void** context) {
  *context = std::make_unique<Import>(Import{PathOf(info, id), {}}).release();
  return AnswerOf("ImportLayerBegin");
}

HRESULT NextOfImport(void* context, PCWSTR name, abi::FILE_BASIC_INFO* info) {
  WholeEntry whole;
  whole.entry.name = Utf8(name).substr(1);
  if (info == nullptr) {
    whole.entry.kind = LayerEntry::Kind::kRemoved;
  } else {
    whole.entry.basic_info = *info;
  }
  static_cast<Import*>(context)->entries.push_back(std::move(whole));
  return AnswerOf("ImportLayerNext");
}

HRESULT WriteImport(void* context, const uint8_t* bytes, uint32_t length) {
  static_cast<Import*>(context)->entries.back().stream.append(reinterpret_cast<const char*>(bytes),
                                                              length);
  return AnswerOf("ImportLayerWrite");
}

HRESULT EndImport(void* context) {
  const std::unique_ptr<Import> import(static_cast<Import*>(context));
  Furnish(import->path, import->entries);
  the_host->layers[import->path] = std::move(import->entries);
  return AnswerOf("ImportLayerEnd");
}

HRESULT BeginExport(DriverInfo* info, PCWSTR id, WC_LAYER_DESCRIPTOR*, uint32_t, void** context) {
  const auto found = the_host->layers.find(PathOf(info, id));
  if (found == the_host->layers.end()) return abi::ERROR_PATH_NOT_FOUND;
  *context = std::make_unique<Export>(Export{found->second}).release();
  return abi::S_OK;
}

HRESULT NextOfExport(void* context, PWSTR* name, abi::FILE_BASIC_INFO* info, int64_t* size,
                     uint32_t* deleted) {
  auto& content = *static_cast<Export*>(context);
  if (content.next == content.entries.size()) return abi::ERROR_NO_MORE_FILES;
  const LayerEntry& entry = content.entries[content.next++].entry;
  const std::u16string text = platform::Utf8ToUtf16("\\" + entry.name);
  *name = std::make_unique<char16_t[]>(text.size() + 1).release();
  std::copy_n(text.c_str(), text.size() + 1, *name);
  *info = entry.basic_info;
  *size = entry.size;
  *deleted = entry.kind == LayerEntry::Kind::kRemoved ? 1 : 0;
  content.read = 0;
  return abi::S_OK;
}

HRESULT ReadExport(void* context, uint8_t* buffer, uint32_t length, uint32_t* read) {
  auto& content = *static_cast<Export*>(context);
  const std::string& stream = content.entries[content.next - 1].stream;
  *read = std::min<uint32_t>(length, static_cast<uint32_t>(stream.size() - content.read));
  std::memcpy(buffer, stream.data() + content.read, *read);
  content.read += *read;
  return AnswerOf("ExportLayerRead");
}

HRESULT EndExport(void* context) {
  const std::unique_ptr<Export> content(static_cast<Export*>(context));
  return AnswerOf("ExportLayerEnd");
}

HRESULT ImportFolder(DriverInfo* info, PCWSTR id, PCWSTR folder, WC_LAYER_DESCRIPTOR*, uint32_t) {
  const std::string path = PathOf(info, id);
  auto reader = layer::TransportFolderReader::Open(Utf8(folder));
  if (!reader.ok()) return abi::ERROR_PATH_NOT_FOUND;
  auto entries = layer::ReadAll(reader->get());
  if (!entries.ok()) return abi::VMCOMPUTE_INVALID_LAYER;
  Furnish(path, *entries);
  the_host->layers[path] = *std::move(entries);
  return AnswerOf("ImportLayer");
}

HRESULT ExportFolder(DriverInfo* info, PCWSTR id, PCWSTR folder, WC_LAYER_DESCRIPTOR*, uint32_t) {
  const auto found = the_host->layers.find(PathOf(info, id));
  if (found == the_host->layers.end()) return abi::ERROR_PATH_NOT_FOUND;
  auto writer = layer::TransportFolderWriter::Create(Utf8(folder));
  if (!writer.ok() || !layer::WriteAll(found->second, writer->get()).ok()) {
    return abi::VMCOMPUTE_INVALID_LAYER;
  }
  return (*writer)->Commit().ok() ? abi::S_OK : abi::VMCOMPUTE_INVALID_LAYER;
}

HRESULT Exists(DriverInfo* info, PCWSTR id, uint32_t* exists) {
  *exists = the_host->layers.contains(PathOf(info, id)) ? 1 : 0;
  return abi::S_OK;
}

HRESULT Destroy(DriverInfo* info, PCWSTR id) {
  const std::string path = PathOf(info, id);
  the_host->destroyed.push_back(path);
  if (const HRESULT failure = AnswerOf("DestroyLayer"); failure != abi::S_OK) return failure;
  the_host->layers.erase(path);
  fs::remove_all(path);
  return abi::S_OK;
}

}  // namespace

ContentHost::ContentHost(bool entries) {
  REQUIRE(the_host == nullptr);
  the_host = this;
  table.CoTaskMemFree = [](void* text) {
    const std::unique_ptr<char16_t[]> freed(static_cast<char16_t*>(text));
  };
  table.NameToGuid = [](PCWSTR name, abi::GUID* guid) {
    *guid = {};
    for (; *name != u'\0'; ++name) guid->Data1 = guid->Data1 * 31 + *name;
    return abi::S_OK;
  };
  table.LayerExists = Exists;
  table.DestroyLayer = Destroy;
  table.ImportLayer = ImportFolder;
  table.ExportLayer = ExportFolder;
  if (!entries) return;
  table.ImportLayerBegin = BeginImport;
  table.ImportLayerNext = NextOfImport;
  table.ImportLayerWrite = WriteImport;
  table.ImportLayerEnd = EndImport;
  table.ExportLayerBegin = BeginExport;
  table.ExportLayerNext = NextOfExport;
  table.ExportLayerRead = ReadExport;
  table.ExportLayerEnd = EndExport;
}

ContentHost::~ContentHost() { the_host = nullptr; }

ContentHost& ContentHost::Instance() { return *the_host; }

std::unique_ptr<Services> StartServices(const abi::HcsFunctionTable& table,
                                        const std::string& state, RuntimeOptions options) {
  options.state_directory = state;
  auto store = StateStore::Open(state, options.report);
  auto ledger = LayerLedger::Open(state, options.report);
  auto scratch = LayerScratch::Open(state);
  auto images = ImageStore::Open(state, options.report);
  REQUIRE((store.ok() && ledger.ok() && scratch.ok() && images.ok()));
  auto services =
      std::make_unique<Services>(table, std::move(options), *std::move(store), *std::move(ledger),
                                 *std::move(scratch), *std::move(images));
  RecoverLayers(*services);
  return services;
}

}  // namespace hcs::runtime
