// The documents in requests: typed or raw, checked, as the host's JSON.

#ifndef HCS_CORE_RUNTIME_REQUEST_DOCUMENTS_H_
#define HCS_CORE_RUNTIME_REQUEST_DOCUMENTS_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "hcs/v1/container_service.pb.h"
#include "hcs/v1/process_service.pb.h"

namespace hcs::runtime {

// Errors are INVALID_ARGUMENT and name the field.

struct ContainerDocument {
  std::string json;
  // What the document tells of the container: name and owner.
  v1::Container description;
};
absl::StatusOr<ContainerDocument> DocumentOf(const v1::CreateContainerRequest& request);

struct ProcessDocument {
  std::string json;
  // What the document and the policies tell of the process.
  v1::Process description;
};
// `by_default` is what ON_DISCONNECT_UNSPECIFIED stands for.
absl::StatusOr<ProcessDocument> DocumentOf(const v1::CreateProcessRequest& request,
                                           v1::OnDisconnect by_default);
absl::StatusOr<ProcessDocument> DocumentOf(const v1::ExecStart& start, v1::OnDisconnect by_default);

absl::StatusOr<std::string> DocumentOf(const v1::ModifyContainerRequest& request);
absl::StatusOr<std::string> DocumentOf(const v1::GetContainerPropertiesRequest& request);

// An options document or a query that may be empty.
absl::Status CheckOptions(std::string_view field, std::string_view json);

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_REQUEST_DOCUMENTS_H_
