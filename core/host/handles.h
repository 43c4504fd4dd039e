// What ComputeSystem and Process are made of.

#ifndef HCS_CORE_HOST_HANDLES_H_
#define HCS_CORE_HOST_HANDLES_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "core/abi/vmcompute.h"
#include "core/host/process.h"
#include "core/host/shared_handle.h"
#include "core/host/table_caller.h"

namespace hcs::host {

struct SystemHandle {
  // Owns `handle` from here on.
  SystemHandle(const TableCaller& caller, abi::HCS_SYSTEM handle, std::string id);

  const TableCaller& caller;
  const std::string id;
  const std::shared_ptr<SharedHandle<abi::HCS_SYSTEM>> shared;
};

struct ProcessHandle {
  // Owns `handle` from here on. `object` is "id:pid".
  ProcessHandle(const TableCaller& caller, abi::HCS_PROCESS handle, std::string object,
                uint32_t process_id);

  const TableCaller& caller;
  const std::string object;
  const uint32_t process_id;
  const std::shared_ptr<SharedHandle<abi::HCS_PROCESS>> shared;
};

// Takes over the pipe handles that the host gave out.
ProcessInformation TakeInformation(const abi::HcsProcessInformation& given);

}  // namespace hcs::host

#endif  // HCS_CORE_HOST_HANDLES_H_
