#include "core/emulator/documents/requests.h"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/emulator/documents/schema.h"
#include "core/emulator/documents/system_document.h"
#include "core/emulator/documents/system_schema.h"

namespace hcs::emulator {
namespace {

constexpr Field kEnumerationFields[] = {
    {"Ids", FieldType::kStringList},
    {"Types", FieldType::kStringList},
    {"Names", FieldType::kStringList},
    {"Owners", FieldType::kStringList},
};
constexpr Field kPropertyQueryFields[] = {{"PropertyTypes", FieldType::kStringList}};
constexpr Field kModificationFields[] = {
    {"ResourceType", FieldType::kString},
    {"ResourcePath", FieldType::kString},
    {"RequestType", FieldType::kString},
};
constexpr Field kShutdownFields[] = {{"TimeoutInMs", FieldType::kUint32}};

constexpr uint64_t kBytesPerMegabyte = 1 << 20;

constexpr std::pair<std::string_view, bool PropertyQuery::*> kPropertyTypes[] = {
    {"Statistics", &PropertyQuery::statistics},
    {"ProcessList", &PropertyQuery::process_list},
    {"PendingUpdates", &PropertyQuery::pending_updates},
    {"MappedVirtualDisk", &PropertyQuery::mapped_virtual_disks},
    {"GuestConnection", &PropertyQuery::guest_connection},
    {"Memory", &PropertyQuery::memory},
    {"TerminateOnLastHandleClosed", &PropertyQuery::terminate_on_last_handle_closed},
};

std::vector<std::string> Strings(const Json& document, const char* name) {
  const Json* field = FindField(document, name);
  return field == nullptr ? std::vector<std::string>() : field->get<std::vector<std::string>>();
}

bool Allows(const std::vector<std::string>& list, const std::string& value) {
  return list.empty() || std::find(list.begin(), list.end(), value) != list.end();
}

Status InvalidDocument(std::string message) {
  return {abi::VMCOMPUTE_INVALID_JSON, std::move(message)};
}

Status InvalidValue(std::string message) {
  return {abi::ERROR_INVALID_PARAMETER, std::move(message)};
}

Status NotSupported(std::string message) { return {abi::ERROR_NOT_SUPPORTED, std::move(message)}; }

// Settings of a memory limit are the number itself or an object that has it.
Status ChangeMemory(const Json& settings, const char* member, platform::ResourceLimits* limits) {
  const Json* value = settings.is_object() ? FindField(settings, member) : &settings;
  if (value == nullptr || !value->is_number_unsigned()) {
    return InvalidDocument(std::string("Settings has no number of megabytes (") + member + ")");
  }
  const uint64_t megabytes = value->get<uint64_t>();
  if (megabytes == 0 || megabytes > std::numeric_limits<uint32_t>::max()) {
    return InvalidValue("Settings: the number of megabytes is out of its range");
  }
  limits->memory_bytes = megabytes * kBytesPerMegabyte;
  return {};
}

struct ProcessorNames {
  const char* count;
  const char* maximum;
  const char* weight;
};
constexpr ProcessorNames kProcessorNames1 = {"ProcessorCount", "ProcessorMaximum",
                                             "ProcessorWeight"};
constexpr ProcessorNames kProcessorNames2 = {"Count", "Maximum", "Weight"};

// Members that are there are changed; 0 lifts a limit.
Status ChangeProcessor(const Json& settings, const ProcessorNames& names,
                       platform::ResourceLimits* limits) {
  const Field fields[] = {{names.count, FieldType::kUint32},
                          {names.maximum, FieldType::kUint32},
                          {names.weight, FieldType::kUint32}};
  if (Status status = CheckDocument(settings, fields); !status.ok()) {
    return InvalidDocument("Settings: " + status.message);
  }
  const auto change = [&settings](const char* name, std::optional<uint32_t>* limit) {
    if (FindField(settings, name) == nullptr) return;
    const auto value = static_cast<uint32_t>(NumberField(settings, name));
    *limit = value == 0 ? std::nullopt : std::optional(value);
  };
  change(names.count, &limits->processor_count);
  change(names.maximum, &limits->processor_maximum);
  change(names.weight, &limits->processor_weight);
  return {};
}

Status ChangeLimits(const std::string& resource, const Json& settings,
                    platform::ResourceLimits* limits) {
  if (resource == "Memory") return ChangeMemory(settings, "MemoryMaximumInMB", limits);
  if (resource == "Container/Memory/SizeInMB" || resource == "Container/Memory") {
    return ChangeMemory(settings, "SizeInMB", limits);
  }
  if (resource == "Processor") return ChangeProcessor(settings, kProcessorNames1, limits);
  if (resource == "Container/Processor") {
    return ChangeProcessor(settings, kProcessorNames2, limits);
  }
  return NotSupported("this host cannot modify the resource \"" + resource + "\"");
}

}  // namespace

bool EnumerationQuery::Matches(const std::string& id, const std::string& type,
                               const std::string& name, const std::string& owner) const {
  return Allows(ids, id) && Allows(types, type) && Allows(names, name) && Allows(owners, owner);
}

Outcome<EnumerationQuery> ReadEnumerationQuery(const Json& document) {
  if (Status status = CheckDocument(document, kEnumerationFields); !status.ok()) return status;
  return EnumerationQuery{Strings(document, "Ids"), Strings(document, "Types"),
                          Strings(document, "Names"), Strings(document, "Owners")};
}

Outcome<PropertyQuery> ReadPropertyQuery(const Json& document) {
  if (Status status = CheckDocument(document, kPropertyQueryFields); !status.ok()) return status;
  PropertyQuery query;
  const std::vector<std::string> types = Strings(document, "PropertyTypes");
  for (size_t i = 0; i < types.size(); ++i) {
    const auto* known = std::find_if(std::begin(kPropertyTypes), std::end(kPropertyTypes),
                                     [&](const auto& entry) { return entry.first == types[i]; });
    if (known == std::end(kPropertyTypes)) {
      return InvalidDocument("PropertyTypes[" + std::to_string(i) + "] is not known: \"" +
                             types[i] + "\"");
    }
    query.*known->second = true;
  }
  return query;
}

Outcome<platform::ResourceLimits> ReadLimitsModification(const Json& document,
                                                         const platform::ResourceLimits& current) {
  if (Status status = CheckDocument(document, kModificationFields); !status.ok()) return status;
  const std::string path = StringField(document, "ResourcePath");
  const std::string resource = path.empty() ? StringField(document, "ResourceType") : path;
  if (resource.empty()) return InvalidDocument("ResourceType and ResourcePath are missing");
  const Json* settings = FindField(document, "Settings");
  const Json none = Json::object();
  platform::ResourceLimits limits = current;
  Status status = ChangeLimits(resource, settings == nullptr ? none : *settings, &limits);
  if (!status.ok()) return status;
  const std::string request = StringField(document, "RequestType");
  if (!request.empty() && request != "Update") {
    return NotSupported("RequestType \"" + request + "\": a limit can be updated only");
  }
  if (status = CheckLimits(limits, !path.empty()); !status.ok()) return status;
  return limits;
}

Outcome<std::chrono::milliseconds> ReadShutdownGrace(const Json& document) {
  if (Status status = CheckDocument(document, kShutdownFields); !status.ok()) return status;
  if (FindField(document, "TimeoutInMs") == nullptr) return kDefaultShutdownGrace;
  return std::chrono::milliseconds(NumberField(document, "TimeoutInMs"));
}

Status CheckServiceQuery(const Json& document) {
  if (Status status = CheckDocument(document, kPropertyQueryFields); !status.ok()) return status;
  const std::vector<std::string> types = Strings(document, "PropertyTypes");
  for (size_t i = 0; i < types.size(); ++i) {
    if (types[i] == "Basic") continue;
    return InvalidDocument("PropertyTypes[" + std::to_string(i) + "] is not known: \"" + types[i] +
                           "\"");
  }
  return {};
}

std::string ServicePropertiesText(uint32_t build_number) {
  // The minor versions of schema 2 by the first build that has them.
  constexpr std::pair<uint32_t, uint32_t> kMinors[] = {{kSchema2Build, 1}, {18362, 2}, {19041, 3},
                                                       {20348, 5},         {22000, 6}, {25398, 7}};
  Json versions = Json::array({{{"Major", 1}, {"Minor", 0}}});
  if (build_number >= kSchema2Build) {
    uint32_t newest = 0;
    for (const auto& [build, minor] : kMinors) {
      if (build_number >= build) newest = minor;
    }
    versions.push_back({{"Major", 2}, {"Minor", newest}});
  }
  Json basic = {{"SupportedSchemaVersions", std::move(versions)}};
  return JsonToText({{"Properties", Json::array({std::move(basic)})}});
}

}  // namespace hcs::emulator
