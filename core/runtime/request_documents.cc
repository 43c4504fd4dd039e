#include "core/runtime/request_documents.h"

#include <utility>

#include "absl/strings/str_join.h"
#include "core/document/document.h"
#include "core/document/invalid_field.h"
#include "core/document/json_syntax.h"
#include "core/runtime/container_layers.h"
#include "core/runtime/validation.h"

namespace hcs::runtime {
namespace {

absl::StatusOr<std::string> Typed(std::string_view field,
                                  const google::protobuf::Message& document) {
  absl::StatusOr<std::string> json = document::ToJson(document);
  if (!json.ok()) return document::InvalidFieldWithin(field, json.status());
  return json;
}

absl::StatusOr<std::string> Raw(const std::string& json) {
  if (absl::Status status = document::ValidateJson(json, {}, "raw_document"); !status.ok()) {
    return status;
  }
  return json;
}

absl::StatusOr<ProcessDocument> Describe(absl::StatusOr<std::string> json,
                                         const v1::ProcessConfig& config,
                                         v1::OutputPolicy output_policy,
                                         v1::OnDisconnect on_disconnect,
                                         v1::OnDisconnect by_default) {
  if (!json.ok()) return json.status();
  if (!v1::OutputPolicy_IsValid(output_policy)) {
    return document::InvalidField("output_policy", "must be one of the enum's values");
  }
  if (!v1::OnDisconnect_IsValid(on_disconnect)) {
    return document::InvalidField("on_disconnect", "must be one of the enum's values");
  }
  ProcessDocument document{*std::move(json), {}};
  v1::Process& description = document.description;
  description.set_command_line(config.has_command_line()
                                   ? config.command_line()
                                   : absl::StrJoin(config.command_args(), " "));
  description.set_console(config.emulate_console());
  description.set_stdin_pipe(config.create_std_in_pipe());
  description.set_stdout_pipe(config.create_std_out_pipe());
  description.set_stderr_pipe(config.create_std_err_pipe() && !config.emulate_console());
  description.set_output_policy(
      output_policy == v1::OUTPUT_POLICY_UNSPECIFIED ? v1::OUTPUT_POLICY_BLOCK : output_policy);
  description.set_on_disconnect(on_disconnect == v1::ON_DISCONNECT_UNSPECIFIED ? by_default
                                                                               : on_disconnect);
  return document;
}

// CreateProcessRequest and ExecStart name these fields alike.
template <typename Request>
absl::StatusOr<ProcessDocument> ProcessDocumentOf(const Request& request,
                                                  v1::OnDisconnect by_default) {
  if (request.has_config()) {
    if (request.config().has_console_size()) {
      absl::Status status = CheckConsoleSize("config.ConsoleSize", request.config().console_size());
      if (!status.ok()) return status;
    }
    return Describe(Typed("config", request.config()), request.config(), request.output_policy(),
                    request.on_disconnect(), by_default);
  }
  if (request.has_raw_document()) {
    v1::ProcessConfig config;
    // A document that is not typed as ours is the host's to judge.
    if (!document::FromJson(request.raw_document(), &config).ok()) config.Clear();
    return Describe(Raw(request.raw_document()), config, request.output_policy(),
                    request.on_disconnect(), by_default);
  }
  return document::InvalidField("document", "config or raw_document must be set");
}

}  // namespace

absl::StatusOr<ContainerDocument> DocumentOf(const v1::CreateContainerRequest& request) {
  absl::StatusOr<std::string> json;
  v1::Container description;
  switch (request.document_case()) {
    case v1::CreateContainerRequest::kConfig: {
      v1::ContainerConfig config = request.config();
      if (!config.has_system_type()) config.set_system_type("Container");
      json = Typed("config", config);
      description.set_owner(config.owner());
      description.set_name(config.name());
      AddLayerPaths(config, &description);
      break;
    }
    case v1::CreateContainerRequest::kComputeSystem:
      json = Typed("compute_system", request.compute_system());
      description.set_owner(request.compute_system().owner());
      AddLayerPaths(request.compute_system(), &description);
      break;
    case v1::CreateContainerRequest::kRawDocument: {
      json = Raw(request.raw_document());
      AddLayerPaths(request.raw_document(), &description);
      // Both schemas spell these two alike.
      v1::ContainerConfig config;
      if (document::FromJson(request.raw_document(), &config).ok()) {
        description.set_owner(config.owner());
        description.set_name(config.name());
      }
      break;
    }
    case v1::CreateContainerRequest::DOCUMENT_NOT_SET:
      return document::InvalidField("document",
                                    "config, compute_system or raw_document must be set");
  }
  if (!json.ok()) return json.status();
  return ContainerDocument{*std::move(json), std::move(description)};
}

absl::StatusOr<ProcessDocument> DocumentOf(const v1::CreateProcessRequest& request,
                                           v1::OnDisconnect by_default) {
  return ProcessDocumentOf(request, by_default);
}

absl::StatusOr<ProcessDocument> DocumentOf(const v1::ExecStart& start,
                                           v1::OnDisconnect by_default) {
  return ProcessDocumentOf(start, by_default);
}

absl::StatusOr<std::string> DocumentOf(const v1::ModifyContainerRequest& request) {
  if (request.has_settings()) return Typed("settings", request.settings());
  if (request.has_raw_document()) return Raw(request.raw_document());
  return document::InvalidField("document", "settings or raw_document must be set");
}

absl::StatusOr<std::string> DocumentOf(const v1::GetContainerPropertiesRequest& request) {
  if (request.has_query()) return Typed("query", request.query());
  if (absl::Status status = CheckOptions("raw_query", request.raw_query()); !status.ok()) {
    return status;
  }
  return request.raw_query();
}

absl::Status CheckOptions(std::string_view field, std::string_view json) {
  return json.empty() ? absl::OkStatus() : document::ValidateJson(json, {}, field);
}

}  // namespace hcs::runtime
