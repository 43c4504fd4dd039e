#include "daemon/rpc/status.h"

#include <string>
#include <string_view>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/document/invalid_field.h"
#include "core/host/host_error.h"
#include "daemon/rpc/text.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "hcs/v1/error.pb.h"

namespace hcs::rpc {
namespace {

// Of one text within the details.
constexpr size_t kMaxDetailTextBytes = 512;
constexpr int kMaxViolations = 8;
constexpr int kMaxErrorEvents = 4;

void Cut(std::string* text, size_t maximum) { *text = Truncated(*text, maximum); }

void CutEvent(v1::ErrorEvent* event) {
  Cut(event->mutable_message(), kMaxDetailTextBytes / 2);
  event->clear_stack_trace();
  event->clear_unknown_json();
}

// The document goes first when there is too much: what it says is in the other
// fields already, as far as anybody could read it.
void Cut(v1::HostError* error, size_t maximum) {
  Cut(error->mutable_object(), kMaxDetailTextBytes);
  Cut(error->mutable_message(), kMaxDetailTextBytes);
  Cut(error->mutable_raw_document(), kMaxDetailTextBytes * 2);
  if (error->ByteSizeLong() <= maximum) return;
  Cut(error->mutable_raw_document(), kMaxDetailTextBytes / 4);
  while (error->events_size() > kMaxErrorEvents) error->mutable_events()->RemoveLast();
  for (v1::ErrorEvent& event : *error->mutable_events()) CutEvent(&event);
  if (error->ByteSizeLong() > maximum) error->clear_events();
}

void Cut(google::rpc::BadRequest* request) {
  while (request->field_violations_size() > kMaxViolations) {
    request->mutable_field_violations()->RemoveLast();
  }
  for (auto& violation : *request->mutable_field_violations()) {
    Cut(violation.mutable_field(), kMaxDetailTextBytes / 4);
    Cut(violation.mutable_description(), kMaxDetailTextBytes / 4);
  }
}

google::rpc::ErrorInfo ErrorInfoOf(const v1::HostError& error) {
  google::rpc::ErrorInfo info;
  info.set_domain("hcs");
  info.set_reason(error.name());
  auto& metadata = *info.mutable_metadata();
  metadata["hresult"] = absl::StrFormat("0x%08X", static_cast<uint32_t>(error.hresult()));
  metadata["operation"] = error.operation();
  metadata["object"] = error.object();
  return info;
}

size_t Room(const google::rpc::Status& answer) {
  const size_t used = answer.ByteSizeLong() + 64;  // 64: type URL and lengths of a detail.
  return used < kMaxDetailsBytes ? kMaxDetailsBytes - used : 0;
}

void AddHostError(const absl::Cord& payload, google::rpc::Status* answer) {
  v1::HostError error;
  if (!error.ParseFromString(std::string(payload))) return;
  Cut(error.mutable_object(), kMaxDetailTextBytes);
  answer->add_details()->PackFrom(ErrorInfoOf(error));
  Cut(&error, Room(*answer));
  answer->add_details()->PackFrom(error);
}

void AddBadRequest(const absl::Cord& payload, google::rpc::Status* answer) {
  google::rpc::BadRequest request;
  if (!request.ParseFromString(std::string(payload))) return;
  Cut(&request);
  answer->add_details()->PackFrom(request);
}

// Longest prefix whose percent-encoded form, as gRPC sends it, is short enough.
std::string FittingMessage(const absl::Status& status) {
  const std::string valid = ValidUtf8({status.message().data(), status.message().size()});
  size_t encoded = 0;
  for (size_t i = 0; i < valid.size(); ++i) {
    const bool plain = valid[i] >= 0x20 && valid[i] <= 0x7e && valid[i] != '%';
    encoded += plain ? 1 : 3;
    if (encoded > kMaxMessageBytes) return Truncated(valid, i);
  }
  return valid;
}

}  // namespace

grpc::Status ToGrpcStatus(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  google::rpc::Status answer;
  answer.set_code(static_cast<int>(status.code()));
  answer.set_message(Truncated(FittingMessage(status), kMaxDetailTextBytes));
  status.ForEachPayload([&answer](absl::string_view type_url, const absl::Cord& payload) {
    const std::string_view url(type_url.data(), type_url.size());
    if (url == host::kHostErrorTypeUrl) AddHostError(payload, &answer);
    if (url == document::kBadRequestTypeUrl) AddBadRequest(payload, &answer);
  });
  return grpc::Status(static_cast<grpc::StatusCode>(status.code()), FittingMessage(status),
                      answer.details().empty() ? std::string() : answer.SerializeAsString());
}

}  // namespace hcs::rpc
