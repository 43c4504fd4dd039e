// The configuration of a compute system, in HCS' schema 1 or 2.

#ifndef HCS_CORE_EMULATOR_DOCUMENTS_SYSTEM_DOCUMENT_H_
#define HCS_CORE_EMULATOR_DOCUMENTS_SYSTEM_DOCUMENT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "core/emulator/documents/json_text.h"
#include "core/emulator/outcome.h"
#include "core/platform/container_scope.h"

namespace hcs::emulator {

// The first build with schema 2.
inline constexpr uint32_t kSchema2Build = 17763;

// A folder or file of the machine that the container sees as its own.
struct MappedDirectory {
  std::string field;  // Its path in the document, for errors: "MappedDirectories[0]".
  std::string host_path;
  std::string container_path;
  bool read_only = false;
};

struct SystemDocument {
  std::string name;
  std::string owner;
  std::string system_type;  // "Container", the only one so far.
  std::string host_name;
  bool terminate_on_last_handle_closed = false;
  bool servicing = false;
  platform::ResourceLimits limits;

  // The container's root: VolumePath or LayerFolderPath, or Container.Storage.Path.
  // Empty when the document has none of them.
  std::string root_path;
  std::string root_field;
  std::vector<MappedDirectory> mapped_directories;

  // Paths of fields that the document has and that have no effect on this host,
  // as far as the document alone can tell; limits are not among them.
  std::vector<std::string> without_effect;
  // The same of those that need a container with a root of its own.
  std::vector<std::string> needs_own_root;

  // The names of the document's own limits: schema 1 and 2 spell them differently.
  bool schema2 = false;
};

// Checks and reads. VMCOMPUTE_INVALID_JSON for wrong types and missing fields,
// 0x80070057 for values out of their range, VMCOMPUTE_HYPERV_NOT_INSTALLED for what
// needs a virtual machine. A build older than kSchema2Build knows schema 1 alone.
Outcome<SystemDocument> ReadSystemDocument(const Json& document, uint32_t build_number);

// The fields of `limits` that are set and that `enforceable` lacks, by their paths.
std::vector<std::string> LimitsNotEnforced(const platform::ResourceLimits& limits,
                                           const platform::EnforceableLimits& enforceable,
                                           bool schema2);

// Those of all limits that there are, by their names in schema 1.
std::vector<std::string> LimitsNotEnforced(const platform::EnforceableLimits& enforceable);

// Checks ranges: 0x80070057 names the first limit that is out of its range.
Status CheckLimits(const platform::ResourceLimits& limits, bool schema2);

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_DOCUMENTS_SYSTEM_DOCUMENT_H_
