// The one place through which every call of the table passes.

#ifndef HCS_CORE_HOST_TABLE_CALLER_H_
#define HCS_CORE_HOST_TABLE_CALLER_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "core/abi/vmcompute.h"
#include "core/host/call_monitor.h"
#include "core/host/completion.h"
#include "core/host/host_error.h"
#include "core/host/host_text.h"

namespace hcs::host {

// An export: its name and its place in the table.
template <typename Function>
struct Export {
  std::string_view name;
  Function abi::HcsFunctionTable::*entry;
};

// Clang 16 deduces no aggregate's parameters by itself.
template <typename Function>
Export(std::string_view, Function abi::HcsFunctionTable::*) -> Export<Function>;

#define HCS_EXPORT(name) \
  ::hcs::host::Export { #name, &::hcs::abi::HcsFunctionTable::name }

// Thread-safe.
class TableCaller {
 public:
  // `table` must outlive this.
  explicit TableCaller(const abi::HcsFunctionTable& table) : table_(table) {}

  // Calls the export with `arguments`, blocking for as long as it does, and
  // records it while it runs. An export that is missing is UNIMPLEMENTED; a
  // failure is a status with hcs.v1.HostError.
  template <typename Function, typename... Arguments>
  absl::StatusOr<Completion> Call(Export<Function> which, std::string_view object,
                                  Arguments... arguments) const {
    if (table_.*which.entry == nullptr) return MakeMissingExportStatus({which.name, object});
    CallMonitor::Scope scope(monitor_, which.name, object);
    return ToCompletion((table_.*which.entry)(arguments...), {which.name, object}, nullptr);
  }

  // The same for an export whose last parameter is the out `result` document.
  template <typename Function, typename... Arguments>
  absl::StatusOr<Completion> CallWithResult(Export<Function> which, std::string_view object,
                                            Arguments... arguments) const {
    if (table_.*which.entry == nullptr) return MakeMissingExportStatus({which.name, object});
    HostText result(table_);
    CallMonitor::Scope scope(monitor_, which.name, object);
    const abi::HRESULT hresult = (table_.*which.entry)(arguments..., result.out());
    return ToCompletion(hresult, {which.name, object}, &result);
  }

  const abi::HcsFunctionTable& table() const { return table_; }
  const CallMonitor& monitor() const { return monitor_; }

 private:
  static absl::StatusOr<Completion> ToCompletion(abi::HRESULT hresult, CallSite site,
                                                 const HostText* result);

  const abi::HcsFunctionTable& table_;
  mutable CallMonitor monitor_;
};

// The text, or UNEXPECTED_VALUE when the host gave nothing at all.
absl::StatusOr<std::string> RequireText(const HostText& text, CallSite site);

}  // namespace hcs::host

#endif  // HCS_CORE_HOST_TABLE_CALLER_H_
