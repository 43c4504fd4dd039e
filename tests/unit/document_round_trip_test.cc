// Properties that hold for every document message, on messages made by reflection.

#include <catch2/catch.hpp>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

#include "core/document/document.h"
#include "core/document/field_names.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/protobuf/util/message_differencer.h"
#include "hcs/v1/compute_system.pb.h"
#include "hcs/v1/container_config.pb.h"
#include "hcs/v1/error.pb.h"
#include "hcs/v1/network_documents.pb.h"
#include "hcs/v1/process_config.pb.h"
#include "hcs/v1/properties.pb.h"

namespace hcs::document {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Value;
using nlohmann::json;

// Every message that keeps unknown members: those are the documents.
std::vector<const Descriptor*> DocumentTypes() {
  std::vector<const Descriptor*> types;
  for (const auto* file :
       {v1::ContainerConfig::descriptor()->file(), v1::ComputeSystem::descriptor()->file(),
        v1::ProcessConfig::descriptor()->file(), v1::ContainerProperties::descriptor()->file(),
        v1::ErrorEvent::descriptor()->file(), v1::Network::descriptor()->file()}) {
    for (int i = 0; i < file->message_type_count(); ++i) {
      if (UnknownJsonField(*file->message_type(i)) != nullptr)
        types.push_back(file->message_type(i));
    }
  }
  return types;
}

bool IsTagged(const Descriptor& type) {
  return HostOddities().tagged_messages.contains(type.full_name());
}

std::unique_ptr<Message> New(const Descriptor& type) {
  return std::unique_ptr<Message>(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(&type)->New());
}

class RandomMessages {
 public:
  explicit RandomMessages(uint32_t seed) : random_(seed) {}

  void Fill(Message* message) {
    if (auto* time =
            google::protobuf::DynamicCastToGenerated<google::protobuf::Timestamp>(message)) {
      time->set_seconds(
          std::uniform_int_distribution<int64_t>(-62135596800, 253402300799)(random_));
      time->set_nanos(static_cast<int32_t>(Below(10'000'000)) * 100);
      return;
    }
    if (auto* value = google::protobuf::DynamicCastToGenerated<Value>(message)) {
      return FillValue(value, 3);
    }
    if (auto* object =
            google::protobuf::DynamicCastToGenerated<google::protobuf::Struct>(message)) {
      return FillStruct(object, 3);
    }
    const Descriptor& type = *message->GetDescriptor();
    if (IsTagged(type)) return FillTagged(message);
    for (int i = 0; i < type.field_count(); ++i) FillField(message, *type.field(i));
  }

 private:
  // One of its kinds, or one that it does not know.
  void FillTagged(Message* message) {
    const Descriptor& type = *message->GetDescriptor();
    const FieldDescriptor* field = type.field(static_cast<int>(Below(type.field_count())));
    if (field != UnknownJsonField(type)) return FillSingle(message, *field);
    message->GetReflection()->SetString(message, field,
                                        json{{"Type", "zz" + Text()}, {"zy", Bits()}}.dump());
  }

  uint64_t Below(uint64_t limit) {
    return std::uniform_int_distribution<uint64_t>(0, limit - 1)(random_);
  }

  uint64_t Bits() {
    constexpr uint64_t kEdges[] = {
        0,         1,          UINT64_MAX,        uint64_t{1} << 63,
        INT64_MAX, UINT32_MAX, uint64_t{1} << 31, (uint64_t{1} << 53) + 1};
    return Below(2) == 0 ? kEdges[Below(std::size(kEdges))] : random_();
  }

  std::string Text() {
    constexpr const char* kPieces[] = {"a", "Z",  "\"", "\\",     "/", "\n", "\x01",     "\x7f",
                                       "é", "漢", "😀", "\uFFFD", " ", "'",  "</script>"};
    std::string text;
    for (uint64_t n = Below(6); n > 0; --n) text += kPieces[Below(std::size(kPieces))];
    return Below(20) == 0 ? text + std::string(1, '\0') : text;
  }

  double Number() {
    const std::vector<double> edges = {0.0,
                                       -0.0,
                                       1e300,
                                       -1e-300,
                                       0.1,
                                       9007199254740993.0,
                                       -9223372036854775808.0,
                                       18446744073709551616.0};
    if (Below(2) == 0) return edges[Below(edges.size())];
    return std::ldexp(static_cast<double>(static_cast<int64_t>(random_())),
                      static_cast<int>(Below(100)) - 80);
  }

  void FillStruct(google::protobuf::Struct* object, int depth) {
    for (uint64_t n = Below(4); n > 0; --n) {
      FillValue(&(*object->mutable_fields())[Text()], depth - 1);
    }
  }

  void FillValue(Value* value, int depth) {
    switch (Below(depth > 0 ? 6 : 4)) {
      case 0: return value->set_null_value(google::protobuf::NULL_VALUE);
      case 1: return value->set_bool_value(Below(2) == 0);
      case 2: return value->set_number_value(Number());
      case 3: return value->set_string_value(Text());
      case 4: return FillStruct(value->mutable_struct_value(), depth);
      default:
        value->mutable_list_value();
        for (uint64_t n = Below(4); n > 0; --n) {
          FillValue(value->mutable_list_value()->add_values(), depth - 1);
        }
    }
  }

  // A name that no message has.
  std::string Unknown() {
    if (Below(3) > 0) return {};
    return json{{"zz" + Text(), Bits()}, {"zy", {{"ID", nullptr}, {"list", {1, -2, Text()}}}}}
        .dump();
  }

  void FillField(Message* message, const FieldDescriptor& field) {
    const auto& reflection = *message->GetReflection();
    if (&field == UnknownJsonField(*message->GetDescriptor())) {
      return reflection.SetString(message, &field, Unknown());
    }
    if (Below(2) == 0) return;
    if (field.is_map()) return FillMap(message, field);
    if (!field.is_repeated()) return FillSingle(message, field);
    for (uint64_t n = Below(3); n > 0; --n) {
      if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
        reflection.AddString(message, &field, Text());
      } else {
        Fill(reflection.AddMessage(message, &field));
      }
    }
  }

  // hcs.v1.ProcessConfig.environment is the only kind of map there is.
  void FillMap(Message* message, const FieldDescriptor& field) {
    for (int n = 0; n < 3; ++n) {
      Message* entry = message->GetReflection()->AddMessage(message, &field);
      const auto& reflection = *entry->GetReflection();
      reflection.SetString(entry, field.message_type()->map_key(), std::to_string(n) + Text());
      reflection.SetString(entry, field.message_type()->map_value(), Text());
    }
  }

  void FillSingle(Message* message, const FieldDescriptor& field) {
    const auto& reflection = *message->GetReflection();
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_INT32:
        return reflection.SetInt32(message, &field, static_cast<int32_t>(Bits()));
      case FieldDescriptor::CPPTYPE_INT64:
        return reflection.SetInt64(message, &field, static_cast<int64_t>(Bits()));
      case FieldDescriptor::CPPTYPE_UINT32:
        return reflection.SetUInt32(message, &field, static_cast<uint32_t>(Bits()));
      case FieldDescriptor::CPPTYPE_UINT64: return reflection.SetUInt64(message, &field, Bits());
      case FieldDescriptor::CPPTYPE_BOOL: return reflection.SetBool(message, &field, Below(2) == 0);
      case FieldDescriptor::CPPTYPE_STRING: return reflection.SetString(message, &field, Text());
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return Fill(reflection.MutableMessage(message, &field));
      default: FAIL("no random value for " << field.full_name());
    }
  }

  std::mt19937_64 random_;
};

TEST_CASE("There are documents to test", "[document]") { CHECK(DocumentTypes().size() >= 50); }

TEST_CASE("Every document comes back from JSON as it was", "[document]") {
  constexpr uint32_t kMessagesPerType = 100;
  for (const Descriptor* type : DocumentTypes()) {
    for (uint32_t seed = 1; seed <= kMessagesPerType; ++seed) {
      INFO(type->full_name() << ", seed " << seed);
      const auto original = New(*type);
      RandomMessages(seed).Fill(original.get());
      const auto written = ToJson(*original);
      INFO(written.status().ToString());
      REQUIRE(written.ok());
      INFO(*written);
      const auto read = New(*type);
      const absl::Status status = FromJson(*written, read.get());
      INFO(status.ToString());
      REQUIRE(status.ok());
      REQUIRE(google::protobuf::util::MessageDifferencer::Equals(*original, *read));
      REQUIRE(*ToJson(*read) == *written);
    }
  }
}

TEST_CASE("Every field that can be set has its JSON name and no other", "[document]") {
  for (const Descriptor* type : DocumentTypes()) {
    if (IsTagged(*type)) continue;  // Its fields' names are a member's value.
    const auto message = New(*type);
    RandomMessages(7).Fill(message.get());
    const json written = json::parse(*ToJson(*message));
    for (const auto& [name, value] : written.items()) {
      INFO(type->full_name() << " " << name);
      bool declared = name.starts_with("z");
      for (int i = 0; i < type->field_count(); ++i) {
        declared = declared || type->field(i)->json_name() == name;
      }
      CHECK(declared);
    }
  }
}

TEMPLATE_TEST_CASE("No text makes the reader fail otherwise than by a status", "[document]",
                   v1::ContainerProperties, v1::Network, v1::Endpoint) {
  constexpr uint32_t kTexts = 3000;
  std::mt19937 random(11);
  for (uint32_t i = 0; i < kTexts; ++i) {
    TestType original;
    RandomMessages(i).Fill(&original);
    std::string text = *ToJson(original);
    for (int change = 0; change < 3; ++change) {
      const size_t place = std::uniform_int_distribution<size_t>(0, text.size() - 1)(random);
      if (change == 0) text.erase(place, 1);
      if (!text.empty() && place < text.size()) text[place] = "[]{}\",:0n\xff\\e"[random() % 12];
      if (text.empty()) text = "x";
    }
    TestType read;
    const absl::Status status = FromJson(text, &read);
    CHECK((status.ok() || status.code() == absl::StatusCode::kInvalidArgument));
    if (status.ok()) CHECK(ToJson(read).ok());
  }
}

}  // namespace
}  // namespace hcs::document
