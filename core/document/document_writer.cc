#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "core/document/document.h"
#include "core/document/dynamic_value.h"
#include "core/document/field_names.h"
#include "core/document/json_path.h"
#include "core/document/timestamp_text.h"
#include "core/platform/unicode.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/timestamp.pb.h"

namespace hcs::document {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using nlohmann::json;

using Written = absl::StatusOr<json>;

Written WriteString(const std::string& text, const JsonPath& path) {
  if (!platform::IsValidUtf8(text)) return path.Error("must be valid UTF-8");
  return json(text);
}

Written WriteTimestamp(const google::protobuf::Timestamp& time, const JsonPath& path) {
  auto text = FormatTimestamp({time.seconds(), time.nanos()});
  if (!text) return path.Error("must be a time in the years 1 to 9999");
  return json(*std::move(text));
}

class Writer {
 public:
  explicit Writer(const Oddities& oddities) : oddities_(oddities) {}

  Written WriteMessage(const Message& message, const JsonPath& path) const {
    if (const auto* time =
            google::protobuf::DynamicCastToGenerated<google::protobuf::Timestamp>(&message)) {
      return WriteTimestamp(*time, path);
    }
    if (const auto* value =
            google::protobuf::DynamicCastToGenerated<google::protobuf::Value>(&message)) {
      return WriteValue(*value, path);
    }
    if (const auto* object =
            google::protobuf::DynamicCastToGenerated<google::protobuf::Struct>(&message)) {
      return WriteStruct(*object, path);
    }
    const auto tagged = oddities_.tagged_messages.find(message.GetDescriptor()->full_name());
    if (tagged != oddities_.tagged_messages.end()) {
      return WriteTagged(message, path, tagged->second);
    }
    return WriteFields(message, path);
  }

 private:
  // See Oddities::tagged_messages.
  Written WriteTagged(const Message& message, const JsonPath& path, const std::string& tag) const {
    const auto& type = *message.GetDescriptor();
    const Reflection& reflection = *message.GetReflection();
    const FieldDescriptor* unknown = UnknownJsonField(type);
    if (unknown == nullptr || type.real_oneof_decl_count() != 1) return Unsupported(path);
    const std::string kept = reflection.GetString(message, unknown);
    const FieldDescriptor* field = reflection.GetOneofFieldDescriptor(message, type.oneof_decl(0));
    json object = json::object();
    if (field == nullptr) {
      if (kept.empty()) return path.Error("must be one of its kinds, is none");
      if (auto merged = MergeUnknown(kept, path, object); !merged.ok()) return merged;
      return object;
    }
    if (!kept.empty()) {
      return path.Member("unknown_json").Error("must not be beside " + field->json_name());
    }
    auto content = WriteMessage(reflection.GetMessage(message, field), path);
    if (content.ok() && !content->emplace(tag, field->json_name()).second) {
      return path.Member("unknown_json").Error("must not repeat the member " + tag);
    }
    return content;
  }

  Written WriteFields(const Message& message, const JsonPath& path) const {
    if (path.depth() >= kMaxDocumentDepth) return path.Error("is nested too deeply");
    const auto& type = *message.GetDescriptor();
    const FieldDescriptor* unknown = UnknownJsonField(type);
    json object = json::object();
    for (int i = 0; i < type.field_count(); ++i) {
      const FieldDescriptor& field = *type.field(i);
      if (&field == unknown || !IsWritten(message, field)) continue;
      auto content = WriteField(message, field, path.Member(field.json_name()));
      if (!content.ok()) return content.status();
      object.emplace(field.json_name(), *std::move(content));
    }
    if (unknown != nullptr) {
      const std::string text = message.GetReflection()->GetString(message, unknown);
      if (auto merged = MergeUnknown(text, path, object); !merged.ok()) return merged;
    }
    return object;
  }

  static bool IsWritten(const Message& message, const FieldDescriptor& field) {
    const Reflection& reflection = *message.GetReflection();
    if (field.is_repeated()) return reflection.FieldSize(message, &field) > 0;
    return !field.has_presence() || reflection.HasField(message, &field);
  }

  // Adds the members of `text`, a message's unknown_json, to `object`.
  static absl::Status MergeUnknown(const std::string& text, const JsonPath& path, json& object) {
    if (text.empty()) return absl::OkStatus();
    const JsonPath place = path.Member("unknown_json");
    const JsonLimits limits{.depth = kMaxDocumentDepth - path.depth()};
    if (auto valid = ValidateJson(text, limits, place.ToString()); !valid.ok()) return valid;
    json members = json::parse(text);
    if (!members.is_object()) return place.Error("must be a JSON object");
    for (auto& [name, value] : members.items()) {
      if (object.contains(name)) return place.Error("must not repeat the field " + name);
      object.emplace(name, std::move(value));
    }
    return absl::OkStatus();
  }

  Written WriteField(const Message& message, const FieldDescriptor& field,
                     const JsonPath& path) const {
    if (field.is_map()) return WriteMap(message, field, path);
    if (field.is_repeated()) return WriteArray(message, field, path);
    if (oddities_.fields_as_arrays.contains(field.full_name())) {
      return WriteAsArray(message.GetReflection()->GetMessage(message, &field), path);
    }
    return WriteSingle(message, field, path);
  }

  Written WriteMap(const Message& message, const FieldDescriptor& field,
                   const JsonPath& path) const {
    const FieldDescriptor& key = *field.message_type()->map_key();
    const FieldDescriptor& value = *field.message_type()->map_value();
    if (key.cpp_type() != FieldDescriptor::CPPTYPE_STRING) return Unsupported(path);
    json object = json::object();
    const Reflection& reflection = *message.GetReflection();
    for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
      const Message& entry = reflection.GetRepeatedMessage(message, &field, i);
      const std::string name = entry.GetReflection()->GetString(entry, &key);
      const JsonPath member = path.Member(name);
      if (!platform::IsValidUtf8(name)) return member.Error("must have a name in valid UTF-8");
      auto content = WriteSingle(entry, value, member);
      if (!content.ok()) return content;
      object.emplace(name, *std::move(content));
    }
    return object;
  }

  Written WriteArray(const Message& message, const FieldDescriptor& field,
                     const JsonPath& path) const {
    json array = json::array();
    const int size = message.GetReflection()->FieldSize(message, &field);
    for (int i = 0; i < size; ++i) {
      auto element = WriteElement(message, field, i, path.Element(static_cast<size_t>(i)));
      if (!element.ok()) return element;
      array.push_back(*std::move(element));
    }
    return array;
  }

  // See Oddities::fields_as_arrays.
  static Written WriteAsArray(const Message& message, const JsonPath& path) {
    json array = json::array();
    const auto& type = *message.GetDescriptor();
    for (int i = 0; i < type.field_count(); ++i) {
      if (type.field(i)->cpp_type() != FieldDescriptor::CPPTYPE_UINT32) return Unsupported(path);
      array.push_back(message.GetReflection()->GetUInt32(message, type.field(i)));
    }
    return array;
  }

  Written WriteSingle(const Message& message, const FieldDescriptor& field,
                      const JsonPath& path) const {
    const Reflection& reflection = *message.GetReflection();
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_INT32: return json(reflection.GetInt32(message, &field));
      case FieldDescriptor::CPPTYPE_INT64: return json(reflection.GetInt64(message, &field));
      case FieldDescriptor::CPPTYPE_UINT32: return json(reflection.GetUInt32(message, &field));
      case FieldDescriptor::CPPTYPE_UINT64: return json(reflection.GetUInt64(message, &field));
      case FieldDescriptor::CPPTYPE_BOOL: return json(reflection.GetBool(message, &field));
      case FieldDescriptor::CPPTYPE_STRING:
        if (field.type() == FieldDescriptor::TYPE_BYTES) return Unsupported(path);
        return WriteString(reflection.GetString(message, &field), path);
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return WriteMessage(reflection.GetMessage(message, &field), path);
      default: return Unsupported(path);
    }
  }

  // Arrays hold strings or objects in every document of the host.
  Written WriteElement(const Message& message, const FieldDescriptor& field, int index,
                       const JsonPath& path) const {
    const Reflection& reflection = *message.GetReflection();
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING:
        if (field.type() == FieldDescriptor::TYPE_BYTES) return Unsupported(path);
        return WriteString(reflection.GetRepeatedString(message, &field, index), path);
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return WriteMessage(reflection.GetRepeatedMessage(message, &field, index), path);
      default: return Unsupported(path);
    }
  }

  static absl::Status Unsupported(const JsonPath& path) {
    return path.Error("is of a type that no document of the host has");
  }

  const Oddities& oddities_;
};

}  // namespace

absl::StatusOr<std::string> ToJson(const Message& message, const Oddities& oddities) {
  const auto document = Writer(oddities).WriteMessage(message, JsonPath());
  if (!document.ok()) return document.status();
  std::string text = document->dump();
  if (text.size() > kMaxDocumentBytes) {
    return JsonPath().Error("must not be longer than " + std::to_string(kMaxDocumentBytes) +
                            " bytes as JSON, is " + std::to_string(text.size()));
  }
  return text;
}

}  // namespace hcs::document
