// What every function of the table has in common: a service to ask, no exception
// that leaves it, a result document for what went wrong.

#ifndef HCS_CORE_EMULATOR_LIBRARY_FUNCTION_BODY_H_
#define HCS_CORE_EMULATOR_LIBRARY_FUNCTION_BODY_H_

#include <cstdint>
#include <exception>
#include <new>
#include <string>

#include "core/abi/vmcompute.h"
#include "core/emulator/documents/json_text.h"
#include "core/emulator/library/compute_service.h"
#include "core/emulator/library/handles.h"
#include "core/emulator/library/table_strings.h"
#include "core/emulator/outcome.h"

namespace hcs::emulator {

inline Status MissingOutParameter() {
  return {abi::ERROR_INVALID_PARAMETER, "an out parameter is a null pointer"};
}

template <typename Handle>
HandleNumber NumberOf(Handle handle) {
  return reinterpret_cast<uintptr_t>(handle);
}

template <typename Handle>
Handle HandleOf(HandleNumber number) {
  return reinterpret_cast<Handle>(static_cast<uintptr_t>(number));
}

// Runs `body(ComputeService&) -> Status` and reports its failure through `result`,
// which may be nullptr.
template <typename Body>
abi::HRESULT RunFunction(abi::PWSTR* result, Body&& body) {
  if (result != nullptr) *result = nullptr;
  Status status;
  try {
    if (const std::shared_ptr<ComputeService> service = ComputeService::Active()) {
      status = body(*service);
    } else {
      status = {abi::RPC_S_SERVER_UNAVAILABLE, "there is no emulated host in this process"};
    }
    if (result != nullptr && !status.message.empty() && abi::Failed(status.code) &&
        !abi::IsPending(status.code)) {
      *result = NewTaskString(ResultDocument(status));
    }
    return status.code;
  } catch (const std::bad_alloc&) {
    return abi::ERROR_OUTOFMEMORY;
  } catch (const std::exception&) {
    return abi::E_UNEXPECTED;
  }
}

// Puts a value out as a string.
inline Status PutText(const Outcome<std::string>& text, abi::PWSTR* target) {
  if (!text.ok()) return text.failure();
  if (target == nullptr) return {};
  *target = NewTaskString(*text);
  return *target == nullptr ? Status{abi::ERROR_OUTOFMEMORY, {}} : Status();
}

// Puts a new handle out.
template <typename Handle>
Status PutHandle(const Outcome<HandleNumber>& number, Handle* target) {
  if (!number.ok()) return number.failure();
  *target = HandleOf<Handle>(*number);
  return {};
}

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_LIBRARY_FUNCTION_BODY_H_
