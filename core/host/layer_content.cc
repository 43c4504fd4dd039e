#include "core/host/layer_content.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "core/abi/hresult.h"
#include "core/host/layer_arguments.h"

namespace hcs::host {
namespace {

constexpr char kSeparator = '\\';

// The two Begin functions are alike.
template <typename Function>
absl::StatusOr<void*> BeginContent(const TableCaller& caller, Export<Function> which,
                                   const LayerAddress& layer,
                                   const std::vector<std::string>& parents) {
  // Before the parents are asked for: what is missing is the first thing to say.
  if (caller.table().*which.entry == nullptr) {
    return MakeMissingExportStatus({which.name, layer.path()});
  }
  auto arguments = LayerArguments::For(layer);
  if (!arguments.ok()) return arguments.status();
  auto descriptors = LayerDescriptors::For(caller, parents);
  if (!descriptors.ok()) return descriptors.status();
  void* context = nullptr;
  const auto called = caller.Call(which, arguments->object(), arguments->info(), arguments->id(),
                                  descriptors->data(), descriptors->count(), &context);
  if (!called.ok()) return called.status();
  if (context == nullptr) {
    return MakeOwnStatus(OwnError::kUnexpectedValue, {which.name, layer.path()},
                         "the host gave no context");
  }
  return context;
}

absl::Status Ended(std::string_view operation, std::string_view object) {
  return MakeOwnStatus(OwnError::kHandleClosed, {operation, object}, "it has ended");
}

// Calls an End function with what is now no context any more.
template <typename Function>
absl::Status EndContent(const TableCaller& caller, Export<Function> which, void*& context,
                        std::string_view object) {
  if (context == nullptr) return Ended(which.name, object);
  return caller.Call(which, object, std::exchange(context, nullptr)).status();
}

}  // namespace

absl::StatusOr<std::unique_ptr<LayerImport>> LayerImport::Begin(
    const TableCaller& caller, const LayerAddress& layer, const std::vector<std::string>& parents) {
  const auto context = BeginContent(caller, HCS_EXPORT(ImportLayerBegin), layer, parents);
  if (!context.ok()) return context.status();
  return std::unique_ptr<LayerImport>(new LayerImport(caller, *context, layer.path()));
}

LayerImport::~LayerImport() {
  if (context_ != nullptr) End().IgnoreError();
}

absl::Status LayerImport::Next(std::string_view name, abi::FILE_BASIC_INFO* info) {
  constexpr auto kNext = HCS_EXPORT(ImportLayerNext);
  if (context_ == nullptr) return Ended(kNext.name, object_);
  const auto text = ToHostText("name", kSeparator + std::string(name));
  if (!text.ok()) return text.status();
  return caller_.Call(kNext, object_, context_, text->c_str(), info).status();
}

absl::Status LayerImport::Add(std::string_view name, const abi::FILE_BASIC_INFO& info) {
  abi::FILE_BASIC_INFO given = info;
  return Next(name, &given);
}

absl::Status LayerImport::Remove(std::string_view name) { return Next(name, nullptr); }

absl::Status LayerImport::Write(std::string_view piece) {
  constexpr auto kWrite = HCS_EXPORT(ImportLayerWrite);
  if (context_ == nullptr) return Ended(kWrite.name, object_);
  while (!piece.empty()) {
    const auto length =
        static_cast<uint32_t>(std::min<size_t>(piece.size(), std::numeric_limits<int32_t>::max()));
    const auto* const bytes = reinterpret_cast<const uint8_t*>(piece.data());
    const auto called = caller_.Call(kWrite, object_, context_, bytes, length);
    if (!called.ok()) return called.status();
    piece.remove_prefix(length);
  }
  return absl::OkStatus();
}

absl::Status LayerImport::End() {
  return EndContent(caller_, HCS_EXPORT(ImportLayerEnd), context_, object_);
}

absl::StatusOr<std::unique_ptr<LayerExport>> LayerExport::Begin(
    const TableCaller& caller, const LayerAddress& layer, const std::vector<std::string>& parents) {
  const auto context = BeginContent(caller, HCS_EXPORT(ExportLayerBegin), layer, parents);
  if (!context.ok()) return context.status();
  return std::unique_ptr<LayerExport>(new LayerExport(caller, *context, layer.path()));
}

LayerExport::~LayerExport() {
  if (context_ != nullptr) End().IgnoreError();
}

absl::StatusOr<bool> LayerExport::Next(ExportedEntry* entry) {
  constexpr auto kNext = HCS_EXPORT(ExportLayerNext);
  if (context_ == nullptr) return Ended(kNext.name, object_);
  HostText name(caller_.table());
  abi::FILE_BASIC_INFO info{};
  int64_t size = 0;
  uint32_t deleted = 0;
  const auto called = caller_.Call(kNext, object_, context_, name.out(), &info, &size, &deleted);
  if (HresultOf(called.status()) == abi::ERROR_NO_MORE_FILES) return false;
  if (!called.ok()) return called.status();
  auto text = RequireText(name, {kNext.name, object_});
  if (!text.ok()) return text.status();
  if (text->starts_with(kSeparator)) text->erase(0, 1);
  *entry = {*std::move(text), info, deleted != 0 ? 0 : size, deleted != 0};
  return true;
}

absl::StatusOr<size_t> LayerExport::Read(char* buffer, size_t size) {
  constexpr auto kRead = HCS_EXPORT(ExportLayerRead);
  if (context_ == nullptr) return Ended(kRead.name, object_);
  const auto room =
      static_cast<uint32_t>(std::min<size_t>(size, std::numeric_limits<int32_t>::max()));
  uint32_t read = 0;
  const auto called =
      caller_.Call(kRead, object_, context_, reinterpret_cast<uint8_t*>(buffer), room, &read);
  if (!called.ok()) return called.status();
  if (read > room) {
    return MakeOwnStatus(OwnError::kUnexpectedValue, {kRead.name, object_},
                         "the host read more than there was room for");
  }
  return read;
}

absl::Status LayerExport::End() {
  return EndContent(caller_, HCS_EXPORT(ExportLayerEnd), context_, object_);
}

}  // namespace hcs::host
