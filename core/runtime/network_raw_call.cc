// HNSCall as it is, of NetworkOperations.

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "core/document/document.h"
#include "core/document/invalid_field.h"
#include "core/document/parsed_json.h"
#include "core/network/hns_response.h"
#include "core/platform/unicode.h"
#include "core/runtime/network_events.h"
#include "core/runtime/network_operations.h"
#include "core/runtime/network_work.h"

namespace hcs::runtime {
namespace {

constexpr size_t kLongestPath = 2048;
constexpr char kGet[] = "GET";
constexpr const char* kMethods[] = {kGet, "POST", "DELETE"};

absl::Status Check(const v1::HnsCallRequest& request) {
  if (std::find(std::begin(kMethods), std::end(kMethods), request.method()) == std::end(kMethods)) {
    return document::InvalidField("method", "must be GET, POST or DELETE");
  }
  const std::string& path = request.path();
  if (path.empty() || path.front() != '/' || path.size() > kLongestPath) {
    return document::InvalidField(
        "path", absl::StrCat("must begin with / and have at most ", kLongestPath, " bytes"));
  }
  const bool control = std::any_of(path.begin(), path.end(),
                                   [](unsigned char byte) { return byte < 0x20 || byte == 0x7f; });
  if (control || !platform::IsValidUtf8(path)) {
    return document::InvalidField("path", "must be UTF-8 without control characters");
  }
  if (request.body().empty()) return absl::OkStatus();
  return document::ValidateJson(request.body(), {}, "body");
}

// A change that HNS made: what it is told as.
struct Told {
  v1::EventType created;
  v1::EventType modified;
  v1::EventType deleted;
};

template <typename Document>
Document Described(const nlohmann::json& output, const std::string& id) {
  Document document;
  if (!output.is_object() || !document::FromParsedJson(output, &document).ok()) document.Clear();
  if (document.id().empty()) document.set_id(id);
  return document;
}

// POST /KIND/, and POST or DELETE /KIND/ID.
template <typename Document>
void Tell(Services& services, const std::vector<std::string>& path, bool deletes, const Told& told,
          const nlohmann::json& output) {
  if (path.size() == 1 && deletes) return;
  const std::string id = path.size() > 1 ? path[1] : std::string();
  const v1::EventType type =
      path.size() == 1 ? told.created : (deletes ? told.deleted : told.modified);
  TellOf(services, type, Described<Document>(output, id));
}

std::string ContainerIn(const std::string& body) {
  v1::EndpointAttachment attachment;
  return document::FromJson(body, &attachment).ok() ? attachment.container_id() : std::string();
}

// Events of what such a request has changed, as far as they can be told from it.
void TellOf(Services& services, const v1::HnsCallRequest& request, const nlohmann::json& output) {
  const std::vector<std::string> path =
      absl::StrSplit(absl::AsciiStrToLower(request.path()), '/', absl::SkipEmpty());
  if (path.empty()) return;
  const bool deletes = request.method() == "DELETE";
  const bool of_part = path.size() > 2;
  if (path[0] == "networks" && !of_part) {
    Tell<v1::Network>(services, path, deletes,
                      {v1::EVENT_TYPE_NETWORK_CREATED, v1::EVENT_TYPE_NETWORK_MODIFIED,
                       v1::EVENT_TYPE_NETWORK_DELETED},
                      output);
  } else if (path[0] == "endpoints" && of_part) {
    const auto type =
        path[2] == "detach" ? v1::EVENT_TYPE_ENDPOINT_DETACHED : v1::EVENT_TYPE_ENDPOINT_ATTACHED;
    TellOf(services, type, Described<v1::Endpoint>(output, path[1]), ContainerIn(request.body()));
  } else if (path[0] == "endpoints") {
    Tell<v1::Endpoint>(services, path, deletes,
                       {v1::EVENT_TYPE_ENDPOINT_CREATED, v1::EVENT_TYPE_ENDPOINT_MODIFIED,
                        v1::EVENT_TYPE_ENDPOINT_DELETED},
                       output);
  } else if (path[0] == "namespaces") {
    Tell<v1::Namespace>(services, path, deletes,
                        {v1::EVENT_TYPE_NAMESPACE_CREATED, v1::EVENT_TYPE_NAMESPACE_MODIFIED,
                         v1::EVENT_TYPE_NAMESPACE_DELETED},
                        output);
  } else if (path[0] == "policylists" && !of_part && (path.size() == 1 || deletes)) {
    Tell<v1::PolicyList>(services, path, deletes,
                         {v1::EVENT_TYPE_LOAD_BALANCER_CREATED, v1::EVENT_TYPE_UNSPECIFIED,
                          v1::EVENT_TYPE_LOAD_BALANCER_DELETED},
                         output);
  }
}

absl::StatusOr<v1::HnsCallResponse> Call(Services& services, const v1::HnsCallRequest& request) {
  auto answer = services.host.CallHns(request.method(), request.path(), request.body());
  if (!answer.ok()) return answer.status();
  const auto output = network::OutputOf(request.path(), *answer);
  if (output.ok() && request.method() != kGet) TellOf(services, request, *output);
  v1::HnsCallResponse response;
  response.set_success(output.ok());
  response.set_response(*std::move(answer));
  return response;
}

}  // namespace

void NetworkOperations::HnsCall(const v1::HnsCallRequest& request, CallContext context,
                                Done<v1::HnsCallResponse> done) {
  if (absl::Status valid = Check(request); !valid.ok()) return std::move(done)(std::move(valid));
  const auto work = [&services = services_, request] { return Call(services, request); };
  if (request.method() == kGet) return AskHns(services_, std::move(done), work);
  ChangeHns<v1::HnsCallRequest, v1::HnsCallResponse>(services_, services_.network_changes, request,
                                                     context, std::move(done), work);
}

}  // namespace hcs::runtime
