// The content of layers, entry by entry, in C.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/emulator/layers/layer_export.h"
#include "core/emulator/layers/layer_import.h"
#include "core/emulator/library/compute_functions.h"
#include "core/emulator/library/function_body.h"
#include "core/emulator/library/layer_arguments.h"

namespace hcs::emulator {
namespace {

using abi::DriverInfo;
using abi::FILE_BASIC_INFO;
using abi::HRESULT;
using abi::PCWSTR;
using abi::PWSTR;
using abi::WC_LAYER_DESCRIPTOR;

Status InvalidContext() { return {abi::ERROR_INVALID_HANDLE, "the context has ended, or is none"}; }

Status MissingBuffer() { return {abi::ERROR_INVALID_PARAMETER, "the buffer is a null pointer"}; }

// Calls `begin(LayerService&, folder, parents)`, and keeps in `contexts` what it gives.
template <typename Contexts, typename Begin>
Status BeginContent(ComputeService& service, Contexts& contexts, const DriverInfo* info, PCWSTR id,
                    const WC_LAYER_DESCRIPTOR* descriptors, uint32_t count, void** context,
                    Begin&& begin) {
  if (context == nullptr) return MissingOutParameter();
  *context = nullptr;
  const Outcome<std::string> folder = FolderOf(service.layers(), info, id);
  if (!folder.ok()) return folder.failure();
  const Outcome<std::vector<std::string>> parents = FoldersOf(service.layers(), descriptors, count);
  if (!parents.ok()) return parents.failure();
  auto content = begin(service.layers(), *folder, *parents);
  if (!content.ok()) return content.failure();
  *context = HandleOf<void*>(contexts.Add(*std::move(content)));
  return {};
}

// Calls `body(content) -> Status` for a context of `contexts`.
template <typename Context, typename Body>
Status WithContent(const std::shared_ptr<Context>& context, Body&& body) {
  if (context == nullptr) return InvalidContext();
  const std::lock_guard lock(context->mutex);
  return context->content == nullptr ? InvalidContext() : body(context->content);
}

HRESULT ImportLayerBegin(DriverInfo* info, PCWSTR id, WC_LAYER_DESCRIPTOR* descriptors,
                         uint32_t count, void** context) {
  return RunFunction(nullptr, [&](ComputeService& service) {
    return BeginContent(service, service.imports(), info, id, descriptors, count, context,
                        [](LayerService& layers, const auto& folder, const auto& parents) {
                          return layers.BeginImport(folder, parents);
                        });
  });
}

template <typename Body>
HRESULT RunOnImport(void* context, Body&& body) {
  return RunFunction(nullptr, [&](ComputeService& service) {
    return WithContent(service.imports().Find(NumberOf(context)), body);
  });
}

HRESULT ImportLayerNext(void* context, PCWSTR name, FILE_BASIC_INFO* info) {
  return RunOnImport(context, [&](std::unique_ptr<LayerImport>& import) {
    return info == nullptr ? import->Remove(TextOf(name)) : import->Add(TextOf(name), *info);
  });
}

HRESULT ImportLayerWrite(void* context, const uint8_t* buffer, uint32_t length) {
  return RunOnImport(context, [&](std::unique_ptr<LayerImport>& import) -> Status {
    if (buffer == nullptr && length > 0) return MissingBuffer();
    return import->Write({reinterpret_cast<const char*>(buffer), length});
  });
}

HRESULT ImportLayerEnd(void* context) {
  return RunFunction(nullptr, [&](ComputeService& service) {
    return WithContent(service.imports().Take(NumberOf(context)),
                       [&](std::unique_ptr<LayerImport>& import) {
                         const Status status = service.layers().EndImport(import.get());
                         import.reset();  // Removes what it has staged, if that was refused.
                         return status;
                       });
  });
}

HRESULT ExportLayerBegin(DriverInfo* info, PCWSTR id, WC_LAYER_DESCRIPTOR* descriptors,
                         uint32_t count, void** context) {
  return RunFunction(nullptr, [&](ComputeService& service) {
    return BeginContent(service, service.exports(), info, id, descriptors, count, context,
                        [](LayerService& layers, const auto& folder, const auto& parents) {
                          return layers.BeginExport(folder, parents);
                        });
  });
}

template <typename Body>
HRESULT RunOnExport(void* context, Body&& body) {
  return RunFunction(nullptr, [&](ComputeService& service) {
    return WithContent(service.exports().Find(NumberOf(context)), body);
  });
}

HRESULT ExportLayerNext(void* context, PWSTR* name, FILE_BASIC_INFO* info, int64_t* size,
                        uint32_t* deleted) {
  return RunOnExport(context, [&](std::unique_ptr<LayerExport>& content) -> Status {
    if (name == nullptr || info == nullptr || size == nullptr || deleted == nullptr) {
      return MissingOutParameter();
    }
    *name = nullptr;
    ExportedEntry entry;
    const Outcome<bool> more = content->Next(&entry);
    if (!more.ok()) return more.failure();
    if (!*more) return {abi::ERROR_NO_MORE_FILES, {}};
    *name = NewTaskString(entry.name);
    *info = entry.info;
    *size = entry.size;
    *deleted = entry.deleted ? 1 : 0;
    return *name == nullptr ? Status{abi::ERROR_OUTOFMEMORY, {}} : Status();
  });
}

HRESULT ExportLayerRead(void* context, uint8_t* buffer, uint32_t length, uint32_t* read) {
  return RunOnExport(context, [&](std::unique_ptr<LayerExport>& content) -> Status {
    if (read == nullptr) return MissingOutParameter();
    *read = 0;
    if (buffer == nullptr && length > 0) return MissingBuffer();
    const Outcome<size_t> count = content->Read(reinterpret_cast<char*>(buffer), length);
    if (!count.ok()) return count.failure();
    *read = static_cast<uint32_t>(*count);
    return {};
  });
}

HRESULT ExportLayerEnd(void* context) {
  return RunFunction(nullptr, [&](ComputeService& service) {
    return WithContent(service.exports().Take(NumberOf(context)),
                       [](std::unique_ptr<LayerExport>& content) {
                         const Status status = content->End();
                         content.reset();
                         return status;
                       });
  });
}

}  // namespace

void AddLayerContentFunctions(abi::HcsFunctionTable* table) {
  table->ImportLayerBegin = ImportLayerBegin;
  table->ImportLayerNext = ImportLayerNext;
  table->ImportLayerWrite = ImportLayerWrite;
  table->ImportLayerEnd = ImportLayerEnd;
  table->ExportLayerBegin = ExportLayerBegin;
  table->ExportLayerNext = ExportLayerNext;
  table->ExportLayerRead = ExportLayerRead;
  table->ExportLayerEnd = ExportLayerEnd;
}

}  // namespace hcs::emulator
