#include "core/emulator/documents/schema.h"

#include <limits>
#include <nlohmann/json.hpp>

namespace hcs::emulator {
namespace {

// The first error found, or an empty string.
std::string CheckObject(const Json& object, Schema schema, const std::string& path);

std::string CheckUnsigned(const Json& value, uint64_t maximum, const std::string& path) {
  if (!value.is_number()) return path + " is not a number";
  if (!value.is_number_unsigned()) return path + " is not a whole number of 0 or more";
  if (value.get<uint64_t>() <= maximum) return {};
  return path + " is greater than " + std::to_string(maximum);
}

std::string CheckStringList(const Json& value, const std::string& path) {
  if (!value.is_array()) return path + " is not an array";
  for (size_t i = 0; i < value.size(); ++i) {
    if (!value[i].is_string()) return path + "[" + std::to_string(i) + "] is not a string";
  }
  return {};
}

std::string CheckStringMap(const Json& value, const std::string& path) {
  if (!value.is_object()) return path + " is not an object";
  for (const auto& [name, member] : value.items()) {
    if (!member.is_string()) return path + "." + name + " is not a string";
  }
  return {};
}

std::string CheckObjectList(const Json& value, Schema schema, const std::string& path) {
  if (!value.is_array()) return path + " is not an array";
  for (size_t i = 0; i < value.size(); ++i) {
    std::string error = CheckObject(value[i], schema, path + "[" + std::to_string(i) + "]");
    if (!error.empty()) return error;
  }
  return {};
}

std::string CheckValue(const Json& value, const Field& field, const std::string& path) {
  switch (field.type) {
    case FieldType::kBool: return value.is_boolean() ? "" : path + " is not true or false";
    case FieldType::kString: return value.is_string() ? "" : path + " is not a string";
    case FieldType::kUint16:
      return CheckUnsigned(value, std::numeric_limits<uint16_t>::max(), path);
    case FieldType::kUint32:
      return CheckUnsigned(value, std::numeric_limits<uint32_t>::max(), path);
    case FieldType::kUint64:
      return CheckUnsigned(value, std::numeric_limits<uint64_t>::max(), path);
    case FieldType::kStringList: return CheckStringList(value, path);
    case FieldType::kStringMap: return CheckStringMap(value, path);
    case FieldType::kObject: return CheckObject(value, field.nested, path);
    case FieldType::kObjectList: return CheckObjectList(value, field.nested, path);
  }
  return path + " has a type that is not known";
}

std::string CheckObject(const Json& object, Schema schema, const std::string& path) {
  if (!object.is_object()) return path + " is not an object";
  for (const Field& field : schema) {
    const auto found = object.find(field.name);
    if (found == object.end() || found->is_null()) continue;
    const std::string field_path =
        path.empty() ? std::string(field.name) : path + "." + std::string(field.name);
    std::string error = CheckValue(*found, field, field_path);
    if (!error.empty()) return error;
  }
  return {};
}

}  // namespace

Status CheckDocument(const Json& document, Schema schema) {
  std::string error = CheckObject(document, schema, "");
  if (error.empty()) return {};
  return {abi::VMCOMPUTE_INVALID_JSON, std::move(error)};
}

const Json* FindField(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

bool BoolField(const Json& object, const char* name) {
  const Json* field = FindField(object, name);
  return field != nullptr && field->is_boolean() && field->get<bool>();
}

std::string StringField(const Json& object, const char* name) {
  const Json* field = FindField(object, name);
  return field != nullptr && field->is_string() ? field->get<std::string>() : std::string();
}

uint64_t NumberField(const Json& object, const char* name) {
  const Json* field = FindField(object, name);
  return field != nullptr && field->is_number_unsigned() ? field->get<uint64_t>() : 0;
}

}  // namespace hcs::emulator
