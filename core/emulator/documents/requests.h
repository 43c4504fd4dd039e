// The smaller documents that callers send about systems and the service: queries,
// modifications, options.

#ifndef HCS_CORE_EMULATOR_DOCUMENTS_REQUESTS_H_
#define HCS_CORE_EMULATOR_DOCUMENTS_REQUESTS_H_

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "core/emulator/documents/json_text.h"
#include "core/emulator/outcome.h"
#include "core/platform/container_scope.h"

namespace hcs::emulator {

// Which systems to enumerate: one that is in every list that is not empty. Ids are
// compared exactly.
struct EnumerationQuery {
  std::vector<std::string> ids;
  std::vector<std::string> types;
  std::vector<std::string> names;
  std::vector<std::string> owners;

  bool Matches(const std::string& id, const std::string& type, const std::string& name,
               const std::string& owner) const;
};
Outcome<EnumerationQuery> ReadEnumerationQuery(const Json& document);

// Which parts the properties shall have beyond the basic ones.
struct PropertyQuery {
  bool statistics = false;
  bool process_list = false;
  bool pending_updates = false;
  bool mapped_virtual_disks = false;
  bool guest_connection = false;
  bool memory = false;
  bool terminate_on_last_handle_closed = false;
};
// An unknown type is VMCOMPUTE_INVALID_JSON.
Outcome<PropertyQuery> ReadPropertyQuery(const Json& document);

// The limits of a running system after `document` is applied to `current`. Schema 1
// ({"ResourceType": "Memory" | "Processor", "RequestType": "Update", "Settings"}) and 2
// ({"ResourcePath": "Container/Memory/SizeInMB" | "Container/Processor", ...}). What
// this host cannot change in a running system is 0x80070032 (not supported).
Outcome<platform::ResourceLimits> ReadLimitsModification(const Json& document,
                                                         const platform::ResourceLimits& current);

// How long a shutdown waits for the processes before it kills them (assumption; the
// document of HcsShutdownComputeSystem may say {"TimeoutInMs": number}).
inline constexpr std::chrono::milliseconds kDefaultShutdownGrace{10'000};
Outcome<std::chrono::milliseconds> ReadShutdownGrace(const Json& document);

// {"PropertyTypes": ["Basic"]}, also the default.
Status CheckServiceQuery(const Json& document);

// {"Properties": [{"SupportedSchemaVersions": [...]}]}, as the build has them.
std::string ServicePropertiesText(uint32_t build_number);

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_DOCUMENTS_REQUESTS_H_
