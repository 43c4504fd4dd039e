#include "core/runtime/host_documents.h"

#include <string>

#include "core/document/document.h"
#include "core/host/host_error.h"
#include "google/protobuf/struct.pb.h"

namespace hcs::runtime {

std::vector<v1::SchemaVersion> SupportedSchemaVersions(std::string_view document) {
  std::vector<v1::SchemaVersion> versions;
  google::protobuf::Struct root;
  if (!document::FromJson(document, &root).ok()) return versions;
  const auto properties = root.fields().find("Properties");
  if (properties == root.fields().end()) return versions;
  for (const auto& entry : properties->second.list_value().values()) {
    const auto& fields = entry.struct_value().fields();
    const auto supported = fields.find("SupportedSchemaVersions");
    if (supported == fields.end()) continue;
    for (const auto& value : supported->second.list_value().values()) {
      const auto& numbers = value.struct_value().fields();
      const auto major = numbers.find("Major");
      const auto minor = numbers.find("Minor");
      if (major == numbers.end() || minor == numbers.end()) continue;
      v1::SchemaVersion& version = versions.emplace_back();
      version.set_major(static_cast<uint32_t>(major->second.number_value()));
      version.set_minor(static_cast<uint32_t>(minor->second.number_value()));
    }
  }
  return versions;
}

absl::StatusOr<v1::ContainerProperties> ContainerPropertiesFrom(std::string_view id,
                                                                std::string_view document) {
  v1::ContainerProperties properties;
  if (absl::Status status = document::FromJson(document, &properties); !status.ok()) {
    return host::MakeOwnStatus(host::OwnError::kUnexpectedValue,
                               {"HcsGetComputeSystemProperties", id},
                               std::string(status.message()));
  }
  return properties;
}

}  // namespace hcs::runtime
