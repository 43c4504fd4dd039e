#include "core/network/hns.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/document/document.h"
#include "core/document/parsed_json.h"
#include "core/host/host_error.h"
#include "core/network/hns_response.h"

namespace hcs::network {
namespace {

using google::protobuf::Message;
using nlohmann::json;

std::string RequestName(std::string_view method, std::string_view path) {
  return absl::StrCat(std::string(method), " ", std::string(path));
}

absl::Status Unexpected(std::string_view method, std::string_view path, std::string_view detail) {
  return host::MakeOwnStatus(host::OwnError::kUnexpectedValue,
                             {"HNSCall", RequestName(method, path)}, detail);
}

}  // namespace

absl::StatusOr<json> Hns::Call(std::string_view method, std::string_view path,
                               std::string_view body) const {
  const auto response = host_.CallHns(method, path, body);
  if (!response.ok()) return response.status();
  return OutputOf(RequestName(method, path), *response);
}

absl::Status Hns::Ask(std::string_view method, std::string_view path, std::string_view body,
                      Message* output) const {
  auto answer = Call(method, path, body);
  if (!answer.ok()) return answer.status();
  const absl::Status read = document::FromParsedJson(*std::move(answer), output);
  return read.ok() ? read : Unexpected(method, path, std::string(read.message()));
}

absl::Status Hns::Tell(std::string_view method, std::string_view path,
                       std::string_view body) const {
  return Call(method, path, body).status();
}

absl::Status Hns::TellOf(std::string_view path, const Message& body) const {
  const auto json = document::ToJson(body);
  return json.ok() ? Tell("POST", path, *json) : json.status();
}

absl::Status Hns::ListInto(std::string_view path, absl::FunctionRef<Message*()> add) const {
  auto answer = Call("GET", path, {});
  if (!answer.ok()) return answer.status();
  if (answer->is_null()) return absl::OkStatus();  // Of nothing.
  if (!answer->is_array()) return Unexpected("GET", path, "HNS gave no array");
  for (json& element : *answer) {
    const absl::Status read = document::FromParsedJson(std::move(element), add());
    if (!read.ok()) return Unexpected("GET", path, std::string(read.message()));
  }
  return absl::OkStatus();
}

absl::Status Hns::CreateInto(std::string_view path, std::string_view document,
                             Message* created) const {
  if (absl::Status status = Ask("POST", path, document, created); !status.ok()) return status;
  const auto* id = created->GetDescriptor()->FindFieldByName("id");
  if (created->GetReflection()->GetString(*created, id).empty()) {
    return Unexpected("POST", path, "HNS gave no id");
  }
  return absl::OkStatus();
}

absl::Status Hns::ChangeInto(std::string_view path, const DocumentChange& change,
                             Message* changed) const {
  auto document = Call("GET", path, {});
  if (!document.ok()) return document.status();
  if (!document->is_object()) return Unexpected("GET", path, "HNS gave no object");
  ApplyChange(change, *document);
  if (absl::Status told = Tell("POST", path, document->dump()); !told.ok()) return told;
  return Ask("GET", path, {}, changed);
}

absl::Status Hns::Attach(std::string_view endpoint,
                         const v1::EndpointAttachment& attachment) const {
  return TellOf(PathOf<v1::Endpoint>(endpoint) + "/attach", attachment);
}

absl::Status Hns::Detach(std::string_view endpoint,
                         const v1::EndpointAttachment& attachment) const {
  return TellOf(PathOf<v1::Endpoint>(endpoint) + "/detach", attachment);
}

absl::StatusOr<v1::NetworkStats> Hns::GetStatistics(std::string_view endpoint) const {
  v1::NetworkStats statistics;
  absl::Status status =
      Ask("GET", absl::StrCat("/endpointstats/", std::string(endpoint)), {}, &statistics);
  if (!status.ok()) return status;
  return statistics;
}

absl::Status Hns::AddResource(std::string_view name_space,
                              const v1::NamespaceResource& resource) const {
  return TellOf(PathOf<v1::Namespace>(name_space) + "/addresource", resource);
}

absl::Status Hns::RemoveResource(std::string_view name_space,
                                 const v1::NamespaceResource& resource) const {
  return TellOf(PathOf<v1::Namespace>(name_space) + "/removeresource", resource);
}

}  // namespace hcs::network
