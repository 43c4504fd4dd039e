// A transport folder as the cases say it and hear it.

#ifndef HCS_TESTS_CONFORMANCE_TRANSPORT_FOLDER_H_
#define HCS_TESTS_CONFORMANCE_TRANSPORT_FOLDER_H_

#include <filesystem>

#include "tests/conformance/layer_content.h"

namespace hcs::conformance {

// Both must succeed. `folder` is there and empty; folders are spelled in one way. Files and
// Hives need no entries. Below Hives and UtilityVM there are content, times and the
// read-only attribute alone.
void WriteTransportFolder(const std::filesystem::path& folder, const Entries& entries);
// Removals first, then by name.
Entries ReadTransportFolder(const std::filesystem::path& folder);

// Below the folder Files, where entries have their whole backup streams.
bool IsBelowFiles(const std::u16string& name);

}  // namespace hcs::conformance

#endif  // HCS_TESTS_CONFORMANCE_TRANSPORT_FOLDER_H_
