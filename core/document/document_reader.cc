#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "core/document/document.h"
#include "core/document/dynamic_value.h"
#include "core/document/field_names.h"
#include "core/document/json_path.h"
#include "core/document/parsed_json.h"
#include "core/document/timestamp_text.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/timestamp.pb.h"

namespace hcs::document {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using nlohmann::json;

std::string_view TypeWords(const json& value) {
  switch (value.type()) {
    case json::value_t::null: return "null";
    case json::value_t::boolean: return "a boolean";
    case json::value_t::string: return "a string";
    case json::value_t::array: return "an array";
    case json::value_t::object: return "an object";
    default: return "a number";
  }
}

absl::Status WrongType(std::string_view wanted, const json& value, const JsonPath& path) {
  return path.Error("must be " + std::string(wanted) + ", is " + std::string(TypeWords(value)));
}

template <typename Integer>
absl::Status ReadInteger(const json& value, const JsonPath& path, Integer* read) {
  if (!value.is_number()) return WrongType("a number", value, path);
  if (value.is_number_unsigned() && std::in_range<Integer>(value.get<uint64_t>())) {
    *read = static_cast<Integer>(value.get<uint64_t>());
    return absl::OkStatus();
  }
  if (value.is_number_integer() && !value.is_number_unsigned() &&
      std::in_range<Integer>(value.get<int64_t>())) {
    *read = static_cast<Integer>(value.get<int64_t>());
    return absl::OkStatus();
  }
  return path.Error("must be an integer from " +
                    std::to_string(std::numeric_limits<Integer>::min()) + " to " +
                    std::to_string(std::numeric_limits<Integer>::max()) + ", is " + value.dump());
}

absl::Status ReadTimestamp(const json& value, const JsonPath& path,
                           google::protobuf::Timestamp* read) {
  if (!value.is_string()) return WrongType("a string", value, path);
  const auto time = ParseTimestamp(value.get_ref<const std::string&>());
  if (!time) return path.Error("must be a time such as 2016-10-21T14:05:00.1234567Z");
  read->set_seconds(time->seconds);
  read->set_nanos(time->nanos);
  return absl::OkStatus();
}

bool IsDynamic(const FieldDescriptor& field) {
  return field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE &&
         (field.message_type() == google::protobuf::Value::descriptor() ||
          field.message_type() == google::protobuf::Struct::descriptor());
}

class Reader {
 public:
  explicit Reader(const Oddities& oddities) : oddities_(oddities) {}

  absl::Status ReadMessage(json& value, const JsonPath& path, Message* message) const {
    if (auto* time =
            google::protobuf::DynamicCastToGenerated<google::protobuf::Timestamp>(message)) {
      return ReadTimestamp(value, path, time);
    }
    if (auto* dynamic =
            google::protobuf::DynamicCastToGenerated<google::protobuf::Value>(message)) {
      ReadValue(value, dynamic);
      return absl::OkStatus();
    }
    if (!value.is_object()) return WrongType("an object", value, path);
    if (auto* object =
            google::protobuf::DynamicCastToGenerated<google::protobuf::Struct>(message)) {
      ReadStruct(value, object);
      return absl::OkStatus();
    }
    const auto tagged = oddities_.tagged_messages.find(message->GetDescriptor()->full_name());
    if (tagged != oddities_.tagged_messages.end()) {
      return ReadTagged(value, path, tagged->second, message);
    }
    return ReadFields(value, path, message);
  }

 private:
  // See Oddities::tagged_messages.
  absl::Status ReadTagged(const json& object, const JsonPath& path, const std::string& tag,
                          Message* message) const {
    const Descriptor& type = *message->GetDescriptor();
    const auto member = FindOfAnyCase(object, tag);
    const FieldDescriptor* field = member == object.end() || !member->is_string()
                                       ? nullptr
                                       : FieldOfTag(type, member->get_ref<const std::string&>());
    if (field != nullptr) {
      json content = object;
      content.erase(member.key());
      Message* part = message->GetReflection()->MutableMessage(message, field);
      if (ReadMessage(content, path, part).ok()) return absl::OkStatus();
      message->GetReflection()->ClearField(message, field);
    }
    const FieldDescriptor* unknown = UnknownJsonField(type);
    if (unknown == nullptr) return Unsupported(path);
    message->GetReflection()->SetString(message, unknown, object.dump());
    return absl::OkStatus();
  }

  static json::const_iterator FindOfAnyCase(const json& object, const std::string& name) {
    if (const auto exact = object.find(name); exact != object.end()) return exact;
    auto member = object.begin();
    while (member != object.end() && !absl::EqualsIgnoreCase(member.key(), name)) ++member;
    return member;
  }

  static const FieldDescriptor* FieldOfTag(const Descriptor& type, const std::string& tag) {
    for (int i = 0; i < type.field_count(); ++i) {
      const FieldDescriptor* field = type.field(i);
      if (field->containing_oneof() != nullptr && absl::EqualsIgnoreCase(field->json_name(), tag)) {
        return field;
      }
    }
    return nullptr;
  }

  absl::Status ReadFields(json& object, const JsonPath& path, Message* message) const {
    const Descriptor& type = *message->GetDescriptor();
    if (oddities_.messages_of_any_case.contains(type.full_name())) MendCase(type, object);
    const bool of_any_type = oddities_.messages_of_any_type.contains(type.full_name());
    const FieldDescriptor* unknown = UnknownJsonField(type);
    for (int i = 0; i < type.field_count(); ++i) {
      const FieldDescriptor& field = *type.field(i);
      const auto member = object.find(field.json_name());
      if (&field == unknown || member == object.end() || IsKept(field, *member)) continue;
      if (!IsAbsent(field, *member)) {
        const json as_it_came = of_any_type ? *member : json();
        auto read = ReadField(*member, path.Member(field.json_name()), message, field);
        if (!read.ok() && !of_any_type) return read;
        if (!read.ok()) {
          message->GetReflection()->ClearField(message, &field);
          *member = as_it_came;
          continue;
        }
      }
      object.erase(member);
    }
    return KeepUnknown(object, path, message, unknown);
  }

  // Gives members the spelling of the fields that they are but for their case.
  static void MendCase(const Descriptor& type, json& object) {
    for (int i = 0; i < type.field_count(); ++i) {
      const std::string& name = type.field(i)->json_name();
      if (object.contains(name)) continue;
      const auto& members = object.get_ref<json::object_t&>();
      const auto found = std::find_if(members.begin(), members.end(), [&](const auto& member) {
        return absl::EqualsIgnoreCase(member.first, name);
      });
      if (found == members.end()) continue;
      json value = found->second;
      object.erase(std::string(found->first));
      object.emplace(name, std::move(value));
    }
  }

  static bool IsAbsent(const FieldDescriptor& field, const json& value) {
    const bool takes_null = field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE &&
                            field.message_type() == google::protobuf::Value::descriptor();
    return value.is_null() && !takes_null;
  }

  // Whether the member goes to unknown_json since its field would lose something.
  static bool IsKept(const FieldDescriptor& field, const json& value) {
    return IsDynamic(field) && !FitsValue(value);
  }

  static absl::Status KeepUnknown(const json& rest, const JsonPath& path, Message* message,
                                  const FieldDescriptor* unknown) {
    if (rest.empty()) return absl::OkStatus();
    if (unknown == nullptr) {
      return path.Member(rest.begin().key()).Error("is not a member of this object");
    }
    message->GetReflection()->SetString(message, unknown, rest.dump());
    return absl::OkStatus();
  }

  absl::Status ReadField(json& value, const JsonPath& path, Message* message,
                         const FieldDescriptor& field) const {
    if (field.is_map()) return ReadMap(value, path, message, field);
    if (field.is_repeated()) return ReadArray(value, path, message, field);
    if (value.is_array() && oddities_.fields_as_arrays.contains(field.full_name())) {
      return ReadFromArray(value, path, message->GetReflection()->MutableMessage(message, &field));
    }
    return ReadSingle(value, path, message, field);
  }

  absl::Status ReadMap(json& value, const JsonPath& path, Message* message,
                       const FieldDescriptor& field) const {
    if (!value.is_object()) return WrongType("an object", value, path);
    const FieldDescriptor& key = *field.message_type()->map_key();
    if (key.cpp_type() != FieldDescriptor::CPPTYPE_STRING) return Unsupported(path);
    for (auto& [name, content] : value.items()) {
      if (content.is_null()) continue;
      Message* entry = message->GetReflection()->AddMessage(message, &field);
      entry->GetReflection()->SetString(entry, &key, name);
      auto read = ReadSingle(content, path.Member(name), entry, *field.message_type()->map_value());
      if (!read.ok()) return read;
    }
    return absl::OkStatus();
  }

  absl::Status ReadArray(json& value, const JsonPath& path, Message* message,
                         const FieldDescriptor& field) const {
    if (!value.is_array()) return WrongType("an array", value, path);
    for (size_t i = 0; i < value.size(); ++i) {
      auto read = ReadElement(value[i], path.Element(i), message, field);
      if (!read.ok()) return read;
    }
    return absl::OkStatus();
  }

  // See Oddities::fields_as_arrays.
  static absl::Status ReadFromArray(const json& value, const JsonPath& path, Message* message) {
    const Descriptor& type = *message->GetDescriptor();
    if (value.size() != static_cast<size_t>(type.field_count())) {
      return path.Error("must have " + std::to_string(type.field_count()) + " elements, has " +
                        std::to_string(value.size()));
    }
    for (int i = 0; i < type.field_count(); ++i) {
      const auto index = static_cast<size_t>(i);
      if (type.field(i)->cpp_type() != FieldDescriptor::CPPTYPE_UINT32) return Unsupported(path);
      uint32_t number = 0;
      auto read = ReadInteger(value[index], path.Element(index), &number);
      if (!read.ok()) return read;
      message->GetReflection()->SetUInt32(message, type.field(i), number);
    }
    return absl::OkStatus();
  }

  // Reads an integer, then gives it to Reflection's setter for its type.
  template <typename Integer>
  static absl::Status ReadInto(const json& value, const JsonPath& path, Message* message,
                               const FieldDescriptor& field,
                               void (Reflection::*set)(Message*, const FieldDescriptor*, Integer)
                                   const) {
    Integer number = 0;
    auto read = ReadInteger(value, path, &number);
    if (read.ok()) (message->GetReflection()->*set)(message, &field, number);
    return read;
  }

  absl::Status ReadSingle(json& value, const JsonPath& path, Message* message,
                          const FieldDescriptor& field) const {
    const Reflection& reflection = *message->GetReflection();
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_INT32:
        return ReadInto(value, path, message, field, &Reflection::SetInt32);
      case FieldDescriptor::CPPTYPE_INT64:
        return ReadInto(value, path, message, field, &Reflection::SetInt64);
      case FieldDescriptor::CPPTYPE_UINT32:
        return ReadInto(value, path, message, field, &Reflection::SetUInt32);
      case FieldDescriptor::CPPTYPE_UINT64:
        return ReadInto(value, path, message, field, &Reflection::SetUInt64);
      case FieldDescriptor::CPPTYPE_BOOL:
        if (!value.is_boolean()) return WrongType("a boolean", value, path);
        reflection.SetBool(message, &field, value.get<bool>());
        return absl::OkStatus();
      case FieldDescriptor::CPPTYPE_STRING:
        if (field.type() == FieldDescriptor::TYPE_BYTES) return Unsupported(path);
        if (!value.is_string()) return WrongType("a string", value, path);
        reflection.SetString(message, &field, std::move(value.get_ref<std::string&>()));
        return absl::OkStatus();
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return ReadMessage(value, path, reflection.MutableMessage(message, &field));
      default: return Unsupported(path);
    }
  }

  // Arrays hold strings or objects in every document of the host.
  absl::Status ReadElement(json& value, const JsonPath& path, Message* message,
                           const FieldDescriptor& field) const {
    const Reflection& reflection = *message->GetReflection();
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING:
        if (field.type() == FieldDescriptor::TYPE_BYTES) return Unsupported(path);
        if (!value.is_string()) return WrongType("a string", value, path);
        reflection.AddString(message, &field, std::move(value.get_ref<std::string&>()));
        return absl::OkStatus();
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return ReadMessage(value, path, reflection.AddMessage(message, &field));
      default: return Unsupported(path);
    }
  }

  static absl::Status Unsupported(const JsonPath& path) {
    return path.Error("is of a type that no document of the host has");
  }

  const Oddities& oddities_;
};

}  // namespace

absl::Status FromParsedJson(json value, Message* message, const Oddities& oddities) {
  message->Clear();
  return Reader(oddities).ReadMessage(value, JsonPath(), message);
}

absl::Status FromJson(std::string_view text, Message* message, const Oddities& oddities) {
  message->Clear();
  if (auto valid = ValidateJson(text); !valid.ok()) return valid;
  return FromParsedJson(json::parse(text), message, oddities);
}

}  // namespace hcs::document
