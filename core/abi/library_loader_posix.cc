#include <dlfcn.h>

#include "core/abi/library_loader.h"

namespace hcs::abi {

std::variant<std::unique_ptr<LoadedLibrary>, std::string> LoadedLibrary::Load(
    const std::string& path) {
  void* const handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) return std::string(dlerror());
  std::unique_ptr<LoadedLibrary> library(new LoadedLibrary(handle));
  HcsFunctionTable& table = library->table_;
#define HCS_LOAD_EXPORT(name, parameters) \
  table.name = reinterpret_cast<HRESULT(*) parameters>(dlsym(handle, #name));
  HCS_VMCOMPUTE_EXPORTS(HCS_LOAD_EXPORT)
#undef HCS_LOAD_EXPORT
  table.CoTaskMemFree = reinterpret_cast<void (*)(void*)>(dlsym(handle, "CoTaskMemFree"));
  if (table.CoTaskMemFree == nullptr) return path + ": it does not export CoTaskMemFree";
  return library;
}

LoadedLibrary::~LoadedLibrary() { dlclose(library_); }

}  // namespace hcs::abi
