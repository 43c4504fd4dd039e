// What the table's layer functions take, made of what the callers of core/host give.

#ifndef HCS_CORE_HOST_LAYER_ARGUMENTS_H_
#define HCS_CORE_HOST_LAYER_ARGUMENTS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/abi/vmcompute.h"
#include "core/host/layer_address.h"
#include "core/host/table_caller.h"

namespace hcs::host {

// A layer's DriverInfo and id. Not to be moved while a call uses them.
class LayerArguments {
 public:
  // INVALID_ARGUMENT, as from ToHostText.
  static absl::StatusOr<LayerArguments> For(const LayerAddress& layer);

  // Valid as long as this stays where it is.
  abi::DriverInfo* info() {
    info_.HomeDir = home_.c_str();
    return &info_;
  }
  abi::PCWSTR id() const { return id_.c_str(); }
  const std::string& object() const { return object_; }

 private:
  // FilterDriver, the only one in use.
  abi::DriverInfo info_ = {.Flavour = 1, .HomeDir = nullptr};
  std::u16string home_;
  std::u16string id_;
  std::string object_;  // For errors.
};

// The descriptors of parent layers.
class LayerDescriptors {
 public:
  // Asks the host for each one's GUID: NameToGuid of the last component of its path. So
  // this calls the table, and fails as that does. INVALID_ARGUMENT: a path cannot be
  // passed, or two have the same GUID.
  static absl::StatusOr<LayerDescriptors> For(const TableCaller& caller,
                                              const std::vector<std::string>& parents);

  // Valid as long as this stays where it is.
  abi::WC_LAYER_DESCRIPTOR* data();
  uint32_t count() const { return static_cast<uint32_t>(descriptors_.size()); }

 private:
  std::vector<std::u16string> paths_;
  std::vector<abi::WC_LAYER_DESCRIPTOR> descriptors_;
};

// NameToGuid.
absl::StatusOr<abi::GUID> GuidOfName(const TableCaller& caller, std::string_view name);

}  // namespace hcs::host

#endif  // HCS_CORE_HOST_LAYER_ARGUMENTS_H_
