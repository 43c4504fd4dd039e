// Filling a function table from a library that exports vmcompute's functions by name.

#ifndef HCS_CORE_ABI_LIBRARY_LOADER_H_
#define HCS_CORE_ABI_LIBRARY_LOADER_H_

#include <memory>
#include <string>
#include <variant>

#include "core/abi/vmcompute.h"

namespace hcs::abi {

// A loaded library and its table. The table, and every function of it, may be used
// for as long as the object lives.
class LoadedLibrary {
 public:
  // The library at `path`, or why it cannot be used. An export that it lacks is a
  // nullptr in the table; CoTaskMemFree, without which nothing that a call returns
  // could be freed, is an error.
  static std::variant<std::unique_ptr<LoadedLibrary>, std::string> Load(const std::string& path);

  ~LoadedLibrary();
  LoadedLibrary(const LoadedLibrary&) = delete;
  LoadedLibrary& operator=(const LoadedLibrary&) = delete;

  const HcsFunctionTable& table() const { return table_; }

 private:
  explicit LoadedLibrary(void* library) : library_(library) {}

  void* const library_;  // The operating system's handle.
  HcsFunctionTable table_;
};

}  // namespace hcs::abi

#endif  // HCS_CORE_ABI_LIBRARY_LOADER_H_
