#include "core/document/dynamic_value.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "core/document/json_syntax.h"
#include "core/platform/unicode.h"

namespace hcs::document {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;
using nlohmann::json;

constexpr double kTwoTo63 = 9223372036854775808.0;
constexpr double kTwoTo64 = 18446744073709551616.0;

bool FitsDouble(const json& number) {
  if (number.is_number_unsigned()) {
    const auto integer = number.get<uint64_t>();
    const auto real = static_cast<double>(integer);
    return real < kTwoTo64 && static_cast<uint64_t>(real) == integer;
  }
  if (number.is_number_integer()) {
    const auto integer = number.get<int64_t>();
    const auto real = static_cast<double>(integer);
    return real < kTwoTo63 && static_cast<int64_t>(real) == integer;
  }
  return true;
}

absl::StatusOr<json> WriteNumber(double number, const JsonPath& path) {
  if (!std::isfinite(number)) return path.Error("must be a finite number");
  const bool negative_zero = number == 0 && std::signbit(number);
  if (number != std::trunc(number) || negative_zero) return json(number);
  if (number >= -kTwoTo63 && number < kTwoTo63) return json(static_cast<int64_t>(number));
  if (number > 0 && number < kTwoTo64) return json(static_cast<uint64_t>(number));
  return json(number);
}

absl::StatusOr<json> WriteList(const google::protobuf::ListValue& list, const JsonPath& path) {
  json array = json::array();
  for (int i = 0; i < list.values_size(); ++i) {
    auto element = WriteValue(list.values(i), path.Element(static_cast<size_t>(i)));
    if (!element.ok()) return element.status();
    array.push_back(*std::move(element));
  }
  return array;
}

}  // namespace

bool FitsValue(const json& value) {
  if (value.is_structured()) {
    return std::all_of(value.begin(), value.end(),
                       [](const json& part) { return FitsValue(part); });
  }
  return !value.is_number() || FitsDouble(value);
}

void ReadStruct(const json& object, Struct* read) {
  auto& fields = *read->mutable_fields();
  for (const auto& [name, value] : object.items()) ReadValue(value, &fields[name]);
}

void ReadValue(const json& value, Value* read) {
  switch (value.type()) {
    case json::value_t::object: return ReadStruct(value, read->mutable_struct_value());
    case json::value_t::array:
      read->mutable_list_value();
      for (const json& element : value)
        ReadValue(element, read->mutable_list_value()->add_values());
      return;
    case json::value_t::string: return read->set_string_value(value.get<std::string>());
    case json::value_t::boolean: return read->set_bool_value(value.get<bool>());
    case json::value_t::number_integer:
    case json::value_t::number_unsigned:
    case json::value_t::number_float: return read->set_number_value(value.get<double>());
    default: return read->set_null_value(google::protobuf::NULL_VALUE);
  }
}

absl::StatusOr<json> WriteStruct(const Struct& object, const JsonPath& path) {
  if (path.depth() >= kMaxDocumentDepth) return path.Error("is nested too deeply");
  json written = json::object();
  for (const auto& [name, value] : object.fields()) {
    const JsonPath member = path.Member(name);
    if (!platform::IsValidUtf8(name)) return member.Error("must have a name in valid UTF-8");
    auto content = WriteValue(value, member);
    if (!content.ok()) return content.status();
    written.emplace(name, *std::move(content));
  }
  return written;
}

absl::StatusOr<json> WriteValue(const Value& value, const JsonPath& path) {
  switch (value.kind_case()) {
    case Value::kStructValue: return WriteStruct(value.struct_value(), path);
    case Value::kListValue:
      if (path.depth() >= kMaxDocumentDepth) return path.Error("is nested too deeply");
      return WriteList(value.list_value(), path);
    case Value::kStringValue:
      if (!platform::IsValidUtf8(value.string_value())) return path.Error("must be valid UTF-8");
      return json(value.string_value());
    case Value::kBoolValue: return json(value.bool_value());
    case Value::kNumberValue: return WriteNumber(value.number_value(), path);
    case Value::kNullValue: return json(nullptr);
    case Value::KIND_NOT_SET: break;
  }
  return path.Error("must be a value, is none");
}

}  // namespace hcs::document
