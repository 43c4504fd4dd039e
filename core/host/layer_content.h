// The content of a layer, entry by entry: the table's Import- and ExportLayerBegin and
// what follows them.

#ifndef HCS_CORE_HOST_LAYER_CONTENT_H_
#define HCS_CORE_HOST_LAYER_CONTENT_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/host/layer_address.h"
#include "core/host/table_caller.h"

namespace hcs::host {

// One import. One thread at a time; every method blocks for as long as the host takes.
// Destroying it before End ends it all the same, since the host has no other way to let
// go of it: what is then in the layer is for the caller to destroy.
class LayerImport {
 public:
  // `caller` must outlive the import. UNIMPLEMENTED, naming the export, on hosts that
  // take transport folders alone.
  static absl::StatusOr<std::unique_ptr<LayerImport>> Begin(
      const TableCaller& caller, const LayerAddress& layer,
      const std::vector<std::string>& parents);
  ~LayerImport();

  LayerImport(const LayerImport&) = delete;
  LayerImport& operator=(const LayerImport&) = delete;

  // The next file or directory. `name` is relative to the layer; the host gets it with
  // the leading separator that it wants.
  absl::Status Add(std::string_view name, const abi::FILE_BASIC_INFO& info);
  // Removes what the parents have under this name.
  absl::Status Remove(std::string_view name);
  // The next piece, of any size, of the backup stream of the file that was added last.
  absl::Status Write(std::string_view piece);
  // Commits. Once.
  absl::Status End();

 private:
  LayerImport(const TableCaller& caller, void* context, std::string object)
      : caller_(caller), context_(context), object_(std::move(object)) {}

  absl::Status Next(std::string_view name, abi::FILE_BASIC_INFO* info);

  const TableCaller& caller_;
  void* context_;  // nullptr once it has ended.
  const std::string object_;
};

// What ExportLayerNext tells.
struct ExportedEntry {
  std::string name;  // Without the leading separator.
  abi::FILE_BASIC_INFO info{};
  int64_t size = 0;      // As the host says.
  bool removed = false;  // Hides what the parents have; it has no stream.
};

// One export. One thread at a time. Destroying it ends it.
class LayerExport {
 public:
  // As LayerImport::Begin.
  static absl::StatusOr<std::unique_ptr<LayerExport>> Begin(
      const TableCaller& caller, const LayerAddress& layer,
      const std::vector<std::string>& parents);
  ~LayerExport();

  LayerExport(const LayerExport&) = delete;
  LayerExport& operator=(const LayerExport&) = delete;

  // False after the last one. Parents come before their children.
  absl::StatusOr<bool> Next(ExportedEntry* entry);
  // Bytes of the entry's backup stream that are now in `buffer`; 0 at its end.
  absl::StatusOr<size_t> Read(char* buffer, size_t size);
  // Once; says whether the host could read the layer to its end.
  absl::Status End();

 private:
  LayerExport(const TableCaller& caller, void* context, std::string object)
      : caller_(caller), context_(context), object_(std::move(object)) {}

  const TableCaller& caller_;
  void* context_;  // nullptr once it has ended.
  const std::string object_;
};

}  // namespace hcs::host

#endif  // HCS_CORE_HOST_LAYER_CONTENT_H_
