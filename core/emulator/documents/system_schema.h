// The fields of both schemas of compute systems. Facts: shared reference
// `vmcompute-abi.md`, section 5.

#ifndef HCS_CORE_EMULATOR_DOCUMENTS_SYSTEM_SCHEMA_H_
#define HCS_CORE_EMULATOR_DOCUMENTS_SYSTEM_SCHEMA_H_

#include "core/emulator/documents/schema.h"

namespace hcs::emulator {

inline constexpr Field kLayer1Fields[] = {{"ID", FieldType::kString}, {"Path", FieldType::kString}};

inline constexpr Field kMappedDirectory1Fields[] = {
    {"HostPath", FieldType::kString},    {"ContainerPath", FieldType::kString},
    {"ReadOnly", FieldType::kBool},      {"BandwidthMaximum", FieldType::kUint64},
    {"IOPSMaximum", FieldType::kUint64}, {"CreateInUtilityVM", FieldType::kBool},
    {"LinuxMetadata", FieldType::kBool},
};

inline constexpr Field kMappedPipeFields[] = {
    {"HostPath", FieldType::kString},
    {"ContainerPipeName", FieldType::kString},
};

inline constexpr Field kMappedVirtualDiskFields[] = {
    {"HostPath", FieldType::kString},        {"ContainerPath", FieldType::kString},
    {"CreateInUtilityVM", FieldType::kBool}, {"ReadOnly", FieldType::kBool},
    {"Cache", FieldType::kString},           {"AttachOnly", FieldType::kBool},
};

inline constexpr Field kHvRuntimeFields[] = {
    {"ImagePath", FieldType::kString},           {"SkipTemplate", FieldType::kBool},
    {"LinuxInitrdFile", FieldType::kString},     {"LinuxKernelFile", FieldType::kString},
    {"LinuxBootParameters", FieldType::kString}, {"BootSource", FieldType::kString},
    {"WritableBootSource", FieldType::kBool},
};

inline constexpr Field kAssignedDeviceFields[] = {{"InterfaceClassGuid", FieldType::kString}};

inline constexpr Field kSchemaVersionFields[] = {
    {"Major", FieldType::kUint32},
    {"Minor", FieldType::kUint32},
};

inline constexpr Field kSchema1Fields[] = {
    {"SchemaVersion", FieldType::kObject, kSchemaVersionFields},
    {"SystemType", FieldType::kString},
    {"Name", FieldType::kString},
    {"Owner", FieldType::kString},
    {"IsDummy", FieldType::kBool},
    {"VolumePath", FieldType::kString},
    {"IgnoreFlushesDuringBoot", FieldType::kBool},
    {"LayerFolderPath", FieldType::kString},
    {"Layers", FieldType::kObjectList, kLayer1Fields},
    {"Credentials", FieldType::kString},
    {"ProcessorCount", FieldType::kUint32},
    {"ProcessorWeight", FieldType::kUint64},
    {"ProcessorMaximum", FieldType::kUint64},
    {"StorageIOPSMaximum", FieldType::kUint64},
    {"StorageBandwidthMaximum", FieldType::kUint64},
    {"StorageSandboxSize", FieldType::kUint64},
    {"MemoryMaximumInMB", FieldType::kUint64},
    {"HostName", FieldType::kString},
    {"MappedDirectories", FieldType::kObjectList, kMappedDirectory1Fields},
    {"MappedPipes", FieldType::kObjectList, kMappedPipeFields},
    {"SandboxPath", FieldType::kString},
    {"HvPartition", FieldType::kBool},
    {"NetworkSharedContainerName", FieldType::kString},
    {"EndpointList", FieldType::kStringList},
    {"HvRuntime", FieldType::kObject, kHvRuntimeFields},
    {"Servicing", FieldType::kBool},
    {"AllowUnqualifiedDNSQuery", FieldType::kBool},
    {"DNSSearchList", FieldType::kString},
    {"ContainerType", FieldType::kString},
    {"TerminateOnLastHandleClosed", FieldType::kBool},
    {"MappedVirtualDisks", FieldType::kObjectList, kMappedVirtualDiskFields},
    {"AssignedDevices", FieldType::kObjectList, kAssignedDeviceFields},
};

inline constexpr Field kGuestOsFields[] = {{"HostName", FieldType::kString}};

inline constexpr Field kLayer2Fields[] = {
    {"Id", FieldType::kString},
    {"Path", FieldType::kString},
    {"PathType", FieldType::kString},
    {"Cache", FieldType::kString},
};

inline constexpr Field kStorageQosFields[] = {
    {"IopsMaximum", FieldType::kUint64},
    {"BandwidthMaximum", FieldType::kUint64},
};

inline constexpr Field kStorageFields[] = {
    {"Layers", FieldType::kObjectList, kLayer2Fields},
    {"Path", FieldType::kString},
    {"QoS", FieldType::kObject, kStorageQosFields},
};

inline constexpr Field kMappedDirectory2Fields[] = {
    {"HostPath", FieldType::kString},
    {"HostPathType", FieldType::kString},
    {"ContainerPath", FieldType::kString},
    {"ReadOnly", FieldType::kBool},
};

inline constexpr Field kMemoryFields[] = {{"SizeInMB", FieldType::kUint64}};

inline constexpr Field kProcessorFields[] = {
    {"Count", FieldType::kUint32},
    {"Maximum", FieldType::kUint32},
    {"Weight", FieldType::kUint32},
};

inline constexpr Field kNetworkingFields[] = {
    {"AllowUnqualifiedDnsQuery", FieldType::kBool},     {"DnsSearchList", FieldType::kString},
    {"NetworkSharedContainerName", FieldType::kString}, {"Namespace", FieldType::kString},
    {"NetworkAdapters", FieldType::kStringList},
};

inline constexpr Field kContainerFields[] = {
    {"GuestOs", FieldType::kObject, kGuestOsFields},
    {"Storage", FieldType::kObject, kStorageFields},
    {"MappedDirectories", FieldType::kObjectList, kMappedDirectory2Fields},
    {"MappedPipes", FieldType::kObjectList, kMappedPipeFields},
    {"Memory", FieldType::kObject, kMemoryFields},
    {"Processor", FieldType::kObject, kProcessorFields},
    {"Networking", FieldType::kObject, kNetworkingFields},
    {"HvSocket", FieldType::kObject},
    {"ContainerCredentialGuard", FieldType::kObject},
    {"RegistryChanges", FieldType::kObject},
    {"AssignedDevices", FieldType::kObjectList, kAssignedDeviceFields},
    {"IsolationType", FieldType::kString},
};

inline constexpr Field kSchema2Fields[] = {
    {"SchemaVersion", FieldType::kObject, kSchemaVersionFields},
    {"Owner", FieldType::kString},
    {"HostingSystemId", FieldType::kString},
    {"HostedSystem", FieldType::kObject},
    {"Container", FieldType::kObject, kContainerFields},
    {"VirtualMachine", FieldType::kObject},
    {"ShouldTerminateOnLastHandleClosed", FieldType::kBool},
};

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_DOCUMENTS_SYSTEM_SCHEMA_H_
