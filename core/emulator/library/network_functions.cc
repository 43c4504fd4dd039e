// The network service, in C.

#include "core/emulator/library/compute_functions.h"
#include "core/emulator/library/function_body.h"
#include "core/emulator/network/hns_service.h"

namespace hcs::emulator {
namespace {

using abi::HRESULT;
using abi::PCWSTR;
using abi::PWSTR;

// What HNS refuses is a response, not a failure of the call.
HRESULT HNSCall(PCWSTR method, PCWSTR path, PCWSTR request, PWSTR* response) {
  return RunFunction(nullptr, [&](ComputeService& service) -> Status {
    if (response == nullptr) return MissingOutParameter();
    *response = nullptr;
    if (service.networks() == nullptr) return {abi::ERROR_PROC_NOT_FOUND, "the build has no HNS"};
    return PutText(service.networks()->Call(Utf8Of(method), Utf8Of(path), Utf8Of(request)),
                   response);
  });
}

}  // namespace

void AddNetworkFunctions(abi::HcsFunctionTable* table) { table->HNSCall = HNSCall; }

}  // namespace hcs::emulator
