#include "core/network/document_change.h"

#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/document/document.h"
#include "core/document/invalid_field.h"

namespace hcs::network {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using nlohmann::json;

constexpr char kId[] = "ID";

void EraseOfAnyCase(const std::string& name, json& document) {
  for (auto member = document.begin(); member != document.end();) {
    member =
        absl::EqualsIgnoreCase(member.key(), name) ? document.erase(member) : std::next(member);
  }
}

const FieldDescriptor* FindField(const Message& message, const std::string& path) {
  const auto& type = *message.GetDescriptor();
  if (const auto* field = type.FindFieldByName(path)) return field;
  return type.FindFieldByCamelcaseName(path);
}

bool IsSet(const Message& message, const FieldDescriptor& field) {
  return field.is_repeated() ? message.GetReflection()->FieldSize(message, &field) > 0
                             : message.GetReflection()->HasField(message, &field);
}

}  // namespace

absl::StatusOr<DocumentChange> ChangeTo(const Message& changes,
                                        const google::protobuf::FieldMask& mask) {
  const std::unique_ptr<Message> changed(changes.New());
  changed->CopyFrom(changes);
  DocumentChange change;
  json emptied = json::object();
  if (mask.paths_size() > 0) {
    const std::unique_ptr<Message> rest(changes.New());
    rest->CopyFrom(changes);
    for (int i = 0; i < mask.paths_size(); ++i) {
      const FieldDescriptor* field = FindField(changes, mask.paths(i));
      if (field == nullptr || field->name() == "id" || field->name() == "unknown_json") {
        return document::InvalidField(
            absl::StrCat("update_mask.paths[", i, "]"),
            absl::StrCat("must be the name of a field of ", changes.GetDescriptor()->name(),
                         " other than id and unknown_json, is ", mask.paths(i)));
      }
      if (!IsSet(changes, *field)) {
        if (field->is_repeated())
          emptied[field->json_name()] = json::array();
        else
          change.removed.push_back(field->json_name());
      }
      rest->GetReflection()->ClearField(rest.get(), field);
    }
    // What is left of `rest` is what the mask does not name.
    std::vector<const FieldDescriptor*> unnamed;
    rest->GetReflection()->ListFields(*rest, &unnamed);
    for (const auto* field : unnamed) changed->GetReflection()->ClearField(changed.get(), field);
  }
  auto members = document::ToJson(*changed);
  if (!members.ok()) return document::InvalidFieldWithin("changes", members.status());
  emptied.update(json::parse(*members));
  change.members = emptied.dump();
  return change;
}

void ApplyChange(const DocumentChange& change, json& document) {
  for (const std::string& name : change.removed) EraseOfAnyCase(name, document);
  const json members = json::parse(change.members);
  for (const auto& [name, value] : members.items()) {
    if (absl::EqualsIgnoreCase(name, kId)) continue;
    EraseOfAnyCase(name, document);
    document[name] = value;
  }
}

std::string Changed(std::string_view document, const DocumentChange& change) {
  json changed = json::parse(document);
  ApplyChange(change, changed);
  return changed.dump();
}

absl::Status CheckObject(std::string_view field, std::string_view text) {
  if (absl::Status valid = document::ValidateJson(text, {}, field); !valid.ok()) return valid;
  if (json::parse(text).is_object()) return absl::OkStatus();
  return document::InvalidField(field, "must be a JSON object");
}

}  // namespace hcs::network
