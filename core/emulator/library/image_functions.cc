// Copies of layers, and base images, in C.

#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <string>
#include <vector>

#include "core/emulator/errno_status.h"
#include "core/emulator/layers/base_images.h"
#include "core/emulator/library/compute_functions.h"
#include "core/emulator/library/function_body.h"
#include "core/emulator/library/layer_arguments.h"

namespace hcs::emulator {
namespace {

using abi::DriverInfo;
using abi::HRESULT;
using abi::PCWSTR;
using abi::PWSTR;
using abi::WC_LAYER_DESCRIPTOR;

HRESULT CopyLayer(DriverInfo* info, PCWSTR source, PCWSTR destination,
                  WC_LAYER_DESCRIPTOR* descriptors, uint32_t count) {
  return RunFunction(nullptr, [&](ComputeService& service) -> Status {
    const Outcome<std::string> from = FolderOf(service.layers(), info, source);
    if (!from.ok()) return from.failure();
    const Outcome<std::string> to = FolderOf(service.layers(), info, destination);
    if (!to.ok()) return to.failure();
    const Outcome<std::vector<std::string>> parents =
        FoldersOf(service.layers(), descriptors, count);
    return parents.ok() ? service.layers().Copy(*from, *to, *parents) : parents.failure();
  });
}

HRESULT GetBaseImages(PWSTR* images) {
  return RunFunction(nullptr, [&](ComputeService& service) -> Status {
    if (images == nullptr) return MissingOutParameter();
    *images = nullptr;
    return PutText(BaseImagesIn(service.state_folder() + "/images", service.build_number()),
                   images);
  });
}

// Calls `body(folder) -> Status` with a path of the machine.
template <typename Body>
HRESULT RunOnPath(PCWSTR path, Body&& body) {
  return RunFunction(nullptr, [&](ComputeService& service) -> Status {
    const Outcome<std::string> folder = service.layers().Locate({}, TextOf(path));
    return folder.ok() ? body(*folder) : folder.failure();
  });
}

HRESULT ProcessBaseImage(PCWSTR path) { return RunOnPath(path, ProcessBaseLayer); }
HRESULT ProcessUtilityImage(PCWSTR path) { return RunOnPath(path, ProcessUtilityVm); }

// There are no virtual machines, and so nobody to be given rights: what is asked for is
// checked, as it would be.
HRESULT GrantVmAccess(PCWSTR vm, PCWSTR path) {
  return RunOnPath(path, [&](const std::string& file) -> Status {
    if (TextOf(vm).empty())
      return {abi::ERROR_INVALID_PARAMETER, "the virtual machine's id is empty"};
    if (access(file.c_str(), F_OK) != 0) return ErrnoStatus(errno, file);
    return {};
  });
}

}  // namespace

void AddImageFunctions(abi::HcsFunctionTable* table) {
  table->CopyLayer = CopyLayer;
  table->GetBaseImages = GetBaseImages;
  table->ProcessBaseImage = ProcessBaseImage;
  table->ProcessUtilityImage = ProcessUtilityImage;
  table->GrantVmAccess = GrantVmAccess;
}

}  // namespace hcs::emulator
