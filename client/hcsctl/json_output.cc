#include "client/hcsctl/json_output.h"

#include <nlohmann/json.hpp>

#include "absl/strings/escaping.h"
#include "absl/strings/str_join.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/util/json_util.h"
#include "hcs/v1/network_documents.pb.h"

namespace hcs::ctl {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
// Members in the order in which they were declared.
using Json = nlohmann::ordered_json;

constexpr char kUnknownMembers[] = "unknown_json";

Json MessageJson(const Message& message);

// Timestamp, Duration, Struct and the like have a JSON form of their own.
bool IsWellKnown(const Message& message) {
  return message.GetDescriptor()->file()->package() == "google.protobuf";
}

Json WellKnownJson(const Message& message) {
  std::string text;
  if (!google::protobuf::util::MessageToJsonString(message, &text).ok()) return nullptr;
  return Json::parse(text, nullptr, false);
}

// One value: element `index` of a repeated field, or the field itself.
class FieldReader {
 public:
  FieldReader(const Message& message, const FieldDescriptor& field)
      : message_(message), reflection_(*message.GetReflection()), field_(field) {}

  Json Value() const {
    switch (field_.cpp_type()) {
      case FieldDescriptor::CPPTYPE_INT32: return reflection_.GetInt32(message_, &field_);
      case FieldDescriptor::CPPTYPE_INT64: return reflection_.GetInt64(message_, &field_);
      case FieldDescriptor::CPPTYPE_UINT32: return reflection_.GetUInt32(message_, &field_);
      case FieldDescriptor::CPPTYPE_UINT64: return reflection_.GetUInt64(message_, &field_);
      case FieldDescriptor::CPPTYPE_DOUBLE: return reflection_.GetDouble(message_, &field_);
      case FieldDescriptor::CPPTYPE_FLOAT: return reflection_.GetFloat(message_, &field_);
      case FieldDescriptor::CPPTYPE_BOOL: return reflection_.GetBool(message_, &field_);
      case FieldDescriptor::CPPTYPE_ENUM: return reflection_.GetEnum(message_, &field_)->name();
      case FieldDescriptor::CPPTYPE_STRING: return Text(reflection_.GetString(message_, &field_));
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return MessageJson(reflection_.GetMessage(message_, &field_));
    }
    return nullptr;
  }

  // The repeated fields of what hcsctl prints hold messages, strings and enumerators.
  Json Element(int index) const {
    switch (field_.cpp_type()) {
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return MessageJson(reflection_.GetRepeatedMessage(message_, &field_, index));
      case FieldDescriptor::CPPTYPE_ENUM:
        return reflection_.GetRepeatedEnum(message_, &field_, index)->name();
      case FieldDescriptor::CPPTYPE_STRING:
        return Text(reflection_.GetRepeatedString(message_, &field_, index));
      default: return nullptr;
    }
  }

  Json Repeated() const {
    Json array = Json::array();
    const int size = reflection_.FieldSize(message_, &field_);
    for (int i = 0; i < size; ++i) array.push_back(Element(i));
    return array;
  }

  // A map with strings as keys.
  Json Map() const {
    Json object = Json::object();
    const int size = reflection_.FieldSize(message_, &field_);
    for (int i = 0; i < size; ++i) {
      const Message& entry = reflection_.GetRepeatedMessage(message_, &field_, i);
      const auto& type = *entry.GetDescriptor();
      object[entry.GetReflection()->GetString(entry, type.map_key())] =
          FieldReader(entry, *type.map_value()).Value();
    }
    return object;
  }

 private:
  Json Text(const std::string& value) const {
    if (field_.type() != FieldDescriptor::TYPE_BYTES) return value;
    return absl::Base64Escape(value);
  }

  const Message& message_;
  const Reflection& reflection_;
  const FieldDescriptor& field_;
};

void AddUnknownMembers(const Message& message, const FieldDescriptor& field, Json& object) {
  const std::string text = message.GetReflection()->GetString(message, &field);
  const Json members = Json::parse(text.empty() ? "{}" : text, nullptr, false);
  if (members.is_object()) object.update(members);
}

// {"Type": "NAT", ...} of {"NAT": {...}}.
Json PolicyJson(const v1::NetworkPolicy& policy) {
  Json object = Json::object();
  const auto* field = policy.GetReflection()->GetOneofFieldDescriptor(
      policy, policy.GetDescriptor()->FindOneofByName("policy"));
  if (field != nullptr) {
    object["Type"] = field->json_name();
    object.update(MessageJson(policy.GetReflection()->GetMessage(policy, field)));
  } else {
    AddUnknownMembers(policy, *policy.GetDescriptor()->FindFieldByName(kUnknownMembers), object);
  }
  return object;
}

Json MessageJson(const Message& message) {
  if (IsWellKnown(message)) return WellKnownJson(message);
  if (const auto* policy = google::protobuf::DynamicCastToGenerated<v1::NetworkPolicy>(&message)) {
    return PolicyJson(*policy);
  }
  Json object = Json::object();
  const auto& type = *message.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    const FieldReader reader(message, field);
    if (field.name() == kUnknownMembers) {
      AddUnknownMembers(message, field, object);
    } else if (field.is_map()) {
      object[field.json_name()] = reader.Map();
    } else if (field.is_repeated()) {
      object[field.json_name()] = reader.Repeated();
    } else if (!field.has_presence() || message.GetReflection()->HasField(message, &field)) {
      object[field.json_name()] = reader.Value();
    }
  }
  return object;
}

constexpr int kOneLine = -1;
constexpr int kIndent = 2;

std::string Dump(const Json& json, int indent = kOneLine) {
  // A host may say what is not UTF-8; scripts can still read the rest.
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

std::string ToJson(const Message& message) { return Dump(MessageJson(message)); }

std::string JsonArray(const std::vector<std::string>& elements) {
  return "[" + absl::StrJoin(elements, ",") + "]";
}

std::string WithMember(const std::string& object, const std::string& name,
                       const std::string& member) {
  Json json = Json::parse(object, nullptr, false);
  json[name] = Json::parse(member, nullptr, false);
  return Dump(json);
}

std::string Indented(const std::string& json) {
  return Dump(Json::parse(json, nullptr, false), kIndent);
}

}  // namespace hcs::ctl
