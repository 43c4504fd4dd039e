#include "core/emulator/documents/system_document.h"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/emulator/documents/schema.h"
#include "core/emulator/documents/system_schema.h"

namespace hcs::emulator {
namespace {

using platform::EnforceableLimits;
using platform::ResourceLimits;

constexpr char kContainerType[] = "Container";
constexpr uint64_t kBytesPerMegabyte = 1 << 20;
constexpr uint64_t kMaxMegabytes = uint64_t{1}
                                   << 40;  // More than any machine; no overflow in bytes.

// The fields of a document that this host reads; every other one is without effect.
constexpr std::string_view kEffective1[] = {"SchemaVersion",
                                            "SystemType",
                                            "Name",
                                            "Owner",
                                            "IsDummy",
                                            "HostName",
                                            "HvPartition",
                                            "Servicing",
                                            "TerminateOnLastHandleClosed",
                                            "ProcessorCount",
                                            "ProcessorWeight",
                                            "ProcessorMaximum",
                                            "StorageIOPSMaximum",
                                            "StorageBandwidthMaximum",
                                            "MemoryMaximumInMB",
                                            "ContainerType"};
constexpr std::string_view kEffective2[] = {"SchemaVersion", "Owner", "Container",
                                            "ShouldTerminateOnLastHandleClosed"};
constexpr std::string_view kEffectiveContainer[] = {"GuestOs", "Memory", "Processor", "Storage"};
constexpr std::string_view kEffectiveStorage[] = {"QoS"};

// These have an effect where the container has a root of its own.
constexpr std::string_view kNeedOwnRoot[] = {"VolumePath",
                                             "LayerFolderPath",
                                             "Layers",
                                             "MappedDirectories",
                                             "Container.MappedDirectories",
                                             "Container.Storage.Path",
                                             "Container.Storage.Layers"};

bool IsEmptyValue(const Json& value) {
  return value.is_null() || (value.is_structured() && value.empty()) ||
         (value.is_string() && value.get_ref<const std::string&>().empty()) ||
         (value.is_boolean() && !value.get<bool>());
}

void CollectWithoutEffect(const Json& object, std::span<const std::string_view> effective,
                          const std::string& prefix, SystemDocument* system) {
  for (const auto& [name, value] : object.items()) {
    if (IsEmptyValue(value)) continue;
    if (std::find(effective.begin(), effective.end(), name) != effective.end()) continue;
    std::string path = prefix + name;
    const bool needs_root =
        std::find(std::begin(kNeedOwnRoot), std::end(kNeedOwnRoot), path) != std::end(kNeedOwnRoot);
    (needs_root ? system->needs_own_root : system->without_effect).push_back(std::move(path));
  }
}

// The spelling is the same in both schemas.
void ReadMappedDirectories(const Json& object, const std::string& prefix, SystemDocument* system) {
  const Json* list = FindField(object, "MappedDirectories");
  if (list == nullptr) return;
  for (const Json& entry : *list) {
    const size_t index = system->mapped_directories.size();
    system->mapped_directories.push_back(
        {prefix + "MappedDirectories[" + std::to_string(index) + "]",
         StringField(entry, "HostPath"), StringField(entry, "ContainerPath"),
         BoolField(entry, "ReadOnly")});
  }
}

// 0 means "not set", as it does to those who leave such fields out of a Go struct.
template <typename T>
std::optional<T> LimitField(const Json& object, const char* name) {
  const uint64_t value = NumberField(object, name);
  if (value == 0) return std::nullopt;
  return static_cast<T>(std::min<uint64_t>(value, std::numeric_limits<T>::max()));
}

std::optional<uint64_t> MemoryField(const Json& object, const char* name) {
  const uint64_t megabytes = NumberField(object, name);
  if (megabytes == 0) return std::nullopt;
  return std::min(megabytes, kMaxMegabytes) * kBytesPerMegabyte;
}

Status InvalidDocument(std::string message) {
  return {abi::VMCOMPUTE_INVALID_JSON, std::move(message)};
}

Status NeedsHyperV(const std::string& field) {
  return {abi::VMCOMPUTE_HYPERV_NOT_INSTALLED,
          field + ": this host runs process-isolated containers only"};
}

Outcome<SystemDocument> ReadSchema1(const Json& document) {
  if (Status status = CheckDocument(document, kSchema1Fields); !status.ok()) return status;
  SystemDocument system;
  system.system_type = StringField(document, "SystemType");
  if (system.system_type.empty()) return InvalidDocument("SystemType is missing");
  if (system.system_type == "VirtualMachine") return NeedsHyperV("SystemType");
  if (system.system_type != kContainerType) {
    return InvalidDocument("SystemType is not \"Container\"");
  }
  if (BoolField(document, "HvPartition")) return NeedsHyperV("HvPartition");
  system.name = StringField(document, "Name");
  system.owner = StringField(document, "Owner");
  system.host_name = StringField(document, "HostName");
  system.servicing = BoolField(document, "Servicing");
  system.terminate_on_last_handle_closed = BoolField(document, "TerminateOnLastHandleClosed");
  system.limits.memory_bytes = MemoryField(document, "MemoryMaximumInMB");
  system.limits.processor_count = LimitField<uint32_t>(document, "ProcessorCount");
  system.limits.processor_maximum = LimitField<uint32_t>(document, "ProcessorMaximum");
  system.limits.processor_weight = LimitField<uint32_t>(document, "ProcessorWeight");
  system.limits.storage_iops = LimitField<uint64_t>(document, "StorageIOPSMaximum");
  system.limits.storage_bytes_per_second =
      LimitField<uint64_t>(document, "StorageBandwidthMaximum");
  for (const char* field : {"LayerFolderPath", "VolumePath"}) {
    if (std::string path = StringField(document, field); !path.empty()) {
      system.root_field = field;
      system.root_path = std::move(path);
    }
  }
  ReadMappedDirectories(document, "", &system);
  CollectWithoutEffect(document, kEffective1, "", &system);
  return system;
}

void ReadContainer(const Json& container, SystemDocument* system) {
  if (const Json* guest = FindField(container, "GuestOs")) {
    system->host_name = StringField(*guest, "HostName");
  }
  ResourceLimits& limits = system->limits;
  if (const Json* memory = FindField(container, "Memory")) {
    limits.memory_bytes = MemoryField(*memory, "SizeInMB");
  }
  if (const Json* processor = FindField(container, "Processor")) {
    limits.processor_count = LimitField<uint32_t>(*processor, "Count");
    limits.processor_maximum = LimitField<uint32_t>(*processor, "Maximum");
    limits.processor_weight = LimitField<uint32_t>(*processor, "Weight");
  }
  CollectWithoutEffect(container, kEffectiveContainer, "Container.", system);
  ReadMappedDirectories(container, "Container.", system);
  const Json* storage = FindField(container, "Storage");
  if (storage == nullptr) return;
  system->root_path = StringField(*storage, "Path");
  system->root_field = "Container.Storage.Path";
  CollectWithoutEffect(*storage, kEffectiveStorage, "Container.Storage.", system);
  if (const Json* qos = FindField(*storage, "QoS")) {
    limits.storage_iops = LimitField<uint64_t>(*qos, "IopsMaximum");
    limits.storage_bytes_per_second = LimitField<uint64_t>(*qos, "BandwidthMaximum");
  }
}

Outcome<SystemDocument> ReadSchema2(const Json& document) {
  if (Status status = CheckDocument(document, kSchema2Fields); !status.ok()) return status;
  for (const char* field : {"VirtualMachine", "HostingSystemId", "HostedSystem"}) {
    if (FindField(document, field) != nullptr) return NeedsHyperV(field);
  }
  const Json* container = FindField(document, "Container");
  if (container == nullptr) return InvalidDocument("Container is missing");
  SystemDocument system;
  system.schema2 = true;
  system.system_type = kContainerType;
  system.owner = StringField(document, "Owner");
  system.terminate_on_last_handle_closed = BoolField(document, "ShouldTerminateOnLastHandleClosed");
  ReadContainer(*container, &system);
  CollectWithoutEffect(document, kEffective2, "", &system);
  return system;
}

// The major version that the document claims; 1 when it claims none. A version of
// a wrong type is left to the schema's check.
uint64_t SchemaMajor(const Json& document) {
  const Json* version = FindField(document, "SchemaVersion");
  if (version == nullptr || !version->is_object()) return 1;
  const Json* major = FindField(*version, "Major");
  return major != nullptr && major->is_number_unsigned() ? major->get<uint64_t>() : 1;
}

// One limit: how it is spelled, whether it is set, in its range and enforceable.
struct LimitView {
  const char* schema1_name;
  const char* schema2_name;
  bool set;
  bool in_range;
  bool enforceable;
};

constexpr uint32_t kMaxWeight = 10000;

bool InWeightRange(const std::optional<uint32_t>& value) { return value.value_or(1) <= kMaxWeight; }

std::vector<LimitView> ViewLimits(const ResourceLimits& limits, const EnforceableLimits& can) {
  return {
      {"MemoryMaximumInMB", "Container.Memory.SizeInMB", limits.memory_bytes.has_value(), true,
       can.memory},
      {"ProcessorCount", "Container.Processor.Count", limits.processor_count.has_value(), true,
       can.processor_count},
      {"ProcessorMaximum", "Container.Processor.Maximum", limits.processor_maximum.has_value(),
       InWeightRange(limits.processor_maximum), can.processor_maximum},
      {"ProcessorWeight", "Container.Processor.Weight", limits.processor_weight.has_value(),
       InWeightRange(limits.processor_weight), can.processor_weight},
      {"StorageIOPSMaximum", "Container.Storage.QoS.IopsMaximum", limits.storage_iops.has_value(),
       true, can.storage_iops},
      {"StorageBandwidthMaximum", "Container.Storage.QoS.BandwidthMaximum",
       limits.storage_bytes_per_second.has_value(), true, can.storage_bandwidth},
  };
}

}  // namespace

std::vector<std::string> LimitsNotEnforced(const ResourceLimits& limits,
                                           const EnforceableLimits& enforceable, bool schema2) {
  std::vector<std::string> names;
  for (const LimitView& limit : ViewLimits(limits, enforceable)) {
    if (!limit.set || limit.enforceable) continue;
    names.emplace_back(schema2 ? limit.schema2_name : limit.schema1_name);
  }
  return names;
}

std::vector<std::string> LimitsNotEnforced(const EnforceableLimits& enforceable) {
  const ResourceLimits all{.memory_bytes = 1,
                           .processor_count = 1,
                           .processor_maximum = 1,
                           .processor_weight = 1,
                           .storage_iops = 1,
                           .storage_bytes_per_second = 1};
  return LimitsNotEnforced(all, enforceable, /*schema2=*/false);
}

Status CheckLimits(const ResourceLimits& limits, bool schema2) {
  for (const LimitView& limit : ViewLimits(limits, {})) {
    if (limit.in_range) continue;
    const std::string name = schema2 ? limit.schema2_name : limit.schema1_name;
    return {abi::ERROR_INVALID_PARAMETER, name + " is not between 1 and 10000"};
  }
  return {};
}

Outcome<SystemDocument> ReadSystemDocument(const Json& document, uint32_t build_number) {
  const bool schema2 = SchemaMajor(document) == 2 && build_number >= kSchema2Build;
  Outcome<SystemDocument> system = schema2 ? ReadSchema2(document) : ReadSchema1(document);
  if (!system.ok()) return system;
  if (Status status = CheckLimits(system->limits, system->schema2); !status.ok()) return status;
  return system;
}

}  // namespace hcs::emulator
