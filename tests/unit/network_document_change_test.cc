#include <catch2/catch.hpp>
#include <string>

#include "core/network/document_change.h"
#include "hcs/v1/network_documents.pb.h"

namespace hcs::network {
namespace {

google::protobuf::FieldMask Mask(std::initializer_list<const char*> paths) {
  google::protobuf::FieldMask mask;
  for (const char* path : paths) mask.add_paths(path);
  return mask;
}

TEST_CASE("what is set changes, and the rest stays", "[network]") {
  v1::Network changes;
  changes.set_id("other");
  changes.set_dns_suffix("example.org");
  changes.add_policies()->mutable_vlan()->set_vlan(7);
  const auto change = ChangeTo(changes, {});
  REQUIRE(change.ok());
  CHECK(
      Changed(R"({"ID":"a","dnssuffix":"old","Policies":[1,2],"Extra":{"x":1}})", *change) ==
      R"({"DNSSuffix":"example.org","Extra":{"x":1},"ID":"a","Policies":[{"Type":"VLAN","VLAN":7}]})");
}

TEST_CASE("a mask says what changes, and what goes", "[network]") {
  v1::Endpoint changes;
  changes.set_dns_suffix("example.org");
  changes.set_name("not named");
  const auto change = ChangeTo(changes, Mask({"dns_suffix", "policies", "dnsServerList"}));
  REQUIRE(change.ok());
  CHECK(Changed(R"({"ID":"a","Name":"n","Policies":[1],"DNSServerList":"x"})", *change) ==
        R"({"DNSSuffix":"example.org","ID":"a","Name":"n","Policies":[]})");
}

TEST_CASE("a mask of what is no field is refused", "[network]") {
  for (const char* path : {"", "ID", "id", "unknown_json", "policies.nat", "nonsense"}) {
    INFO(path);
    const auto change = ChangeTo(v1::Network(), Mask({"name", path}));
    CHECK(change.status().code() == absl::StatusCode::kInvalidArgument);
    CHECK(std::string(change.status().message()).starts_with("update_mask.paths[1]: "));
  }
}

TEST_CASE("changes that cannot be written are named", "[network]") {
  v1::Network changes;
  changes.add_policies();
  CHECK(std::string(ChangeTo(changes, {}).status().message()).starts_with("changes.Policies[0]: "));
}

TEST_CASE("a raw document is an object", "[network]") {
  CHECK(CheckObject("raw_document", R"({"a":1})").ok());
  for (const char* text : {"", "[]", "1", "{", "null"}) {
    INFO(text);
    const absl::Status status = CheckObject("raw_document", text);
    CHECK(status.code() == absl::StatusCode::kInvalidArgument);
    CHECK(std::string(status.message()).starts_with("raw_document: "));
  }
}

}  // namespace
}  // namespace hcs::network
