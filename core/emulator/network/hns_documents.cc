#include "core/emulator/network/hns_documents.h"

#include <algorithm>
#include <optional>

#include "core/emulator/state/guid.h"

namespace hcs::emulator::hns {
namespace {

constexpr size_t kMaxName = 256;

constexpr Field kPolicy[] = {{"Type", FieldType::kString}};
constexpr Field kSubnet[] = {{"AddressPrefix", FieldType::kString},
                             {"GatewayAddress", FieldType::kString},
                             {"Policies", FieldType::kObjectList, kPolicy}};
constexpr Field kMacPool[] = {{"StartMacAddress", FieldType::kString},
                              {"EndMacAddress", FieldType::kString}};
constexpr Field kNetwork[] = {{"ID", FieldType::kString},
                              {"Name", FieldType::kString},
                              {"Type", FieldType::kString},
                              {"NetworkAdapterName", FieldType::kString},
                              {"SourceMac", FieldType::kString},
                              {"Policies", FieldType::kObjectList, kPolicy},
                              {"MacPools", FieldType::kObjectList, kMacPool},
                              {"Subnets", FieldType::kObjectList, kSubnet},
                              {"DNSSuffix", FieldType::kString},
                              {"DNSServerList", FieldType::kString},
                              {"DNSServerCompartment", FieldType::kUint32},
                              {"ManagementIP", FieldType::kString},
                              {"AutomaticDNS", FieldType::kBool}};
constexpr Field kEndpoint[] = {{"ID", FieldType::kString},
                               {"Name", FieldType::kString},
                               {"VirtualNetwork", FieldType::kString},
                               {"VirtualNetworkName", FieldType::kString},
                               {"Policies", FieldType::kObjectList, kPolicy},
                               {"MacAddress", FieldType::kString},
                               {"IPAddress", FieldType::kString},
                               {"IPv6Address", FieldType::kString},
                               {"DNSSuffix", FieldType::kString},
                               {"DNSServerList", FieldType::kString},
                               {"DNSDomain", FieldType::kString},
                               {"GatewayAddress", FieldType::kString},
                               {"GatewayAddressV6", FieldType::kString},
                               {"PrefixLength", FieldType::kUint16},
                               {"IPv6PrefixLength", FieldType::kUint16},
                               {"IsRemoteEndpoint", FieldType::kBool},
                               {"EnableInternalDNS", FieldType::kBool},
                               {"DisableICC", FieldType::kBool},
                               {"EnableLowMetric", FieldType::kBool},
                               {"EncapOverhead", FieldType::kUint16},
                               {"SharedContainers", FieldType::kStringList},
                               {"State", FieldType::kUint16}};
constexpr Field kPolicyList[] = {{"ID", FieldType::kString},
                                 {"References", FieldType::kStringList},
                                 {"Policies", FieldType::kObjectList, kPolicy}};
constexpr Field kData[] = {{"Id", FieldType::kString}};
constexpr Field kResource[] = {{"Type", FieldType::kString}, {"Data", FieldType::kObject, kData}};
constexpr Field kNamespace[] = {{"ID", FieldType::kString},
                                {"IsDefault", FieldType::kBool},
                                {"ResourceList", FieldType::kObjectList, kResource},
                                {"CompartmentId", FieldType::kUint32}};
constexpr Field kAttach[] = {{"ContainerId", FieldType::kString},
                             {"SystemType", FieldType::kString},
                             {"CompartmentId", FieldType::kUint16},
                             {"VirtualNicName", FieldType::kString}};

const Field* FieldNamed(Schema schema, std::string_view name) {
  const auto found = std::find_if(schema.begin(), schema.end(),
                                  [&](const Field& field) { return SameName(field.name, name); });
  return found == schema.end() ? nullptr : &*found;
}

bool IsAbsent(const Json& value) {
  return value.is_null() || (value.is_string() && value.get_ref<const std::string&>().empty());
}

Status Rename(Json* object, Schema schema, const std::string& path);

Status RenameNested(Json* value, const Field& field, const std::string& path) {
  if (field.type == FieldType::kObject && value->is_object()) {
    return Rename(value, field.nested, path + ".");
  }
  if (field.type != FieldType::kObjectList || !value->is_array()) return {};
  for (size_t i = 0; i < value->size(); ++i) {
    Json& element = (*value)[i];
    if (!element.is_object()) continue;
    Status status = Rename(&element, field.nested, path + "[" + std::to_string(i) + "].");
    if (!status.ok()) return status;
  }
  return {};
}

Status Rename(Json* object, Schema schema, const std::string& path) {
  Json renamed = Json::object();
  for (auto& [name, value] : object->items()) {
    const Field* field = FieldNamed(schema, name);
    if (field == nullptr) {
      renamed[name] = std::move(value);
      continue;
    }
    if (IsAbsent(value)) continue;
    const std::string own_name(field->name);
    if (Status status = RenameNested(&value, *field, path + own_name); !status.ok()) return status;
    if (renamed.contains(own_name) && renamed[own_name] != value) {
      return {abi::HCN_E_INVALID_JSON, path + own_name + " is there twice"};
    }
    renamed[own_name] = std::move(value);
  }
  *object = std::move(renamed);
  return {};
}

}  // namespace

const Schema kNetworkFields = kNetwork;
const Schema kEndpointFields = kEndpoint;
const Schema kPolicyListFields = kPolicyList;
const Schema kNamespaceFields = kNamespace;
const Schema kAttachFields = kAttach;
const Schema kResourceFields = kResource;

bool SameName(std::string_view one, std::string_view other) {
  const auto lower = [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  };
  return std::equal(one.begin(), one.end(), other.begin(), other.end(),
                    [&](char a, char b) { return lower(a) == lower(b); });
}

Outcome<Json> InHnsForm(const Json& object, Schema schema) {
  Json renamed = object;
  if (Status status = Rename(&renamed, schema, ""); !status.ok()) return status;
  if (Status status = CheckDocument(renamed, schema); !status.ok()) return status;
  return renamed;
}

Outcome<Json> ReadBody(std::string_view body, Schema schema) {
  const Outcome<Json> document = ParseDocument(body);
  return document.ok() ? InHnsForm(*document, schema) : document.failure();
}

Outcome<std::string> GuidField(const Json& document, const char* name, abi::HRESULT code) {
  const std::string text = StringField(document, name);
  if (text.empty()) return text;
  std::optional<std::string> guid = ReadGuidText(text);
  if (!guid) return Status{code, std::string(name) + " is not a GUID: \"" + text + "\""};
  return *std::move(guid);
}

std::optional<std::string> EndpointOfReference(const Json& reference) {
  constexpr std::string_view kEndpoints = "endpoints/";
  if (!reference.is_string()) return std::nullopt;
  std::string_view text = reference.get_ref<const std::string&>();
  while (text.starts_with('/')) text.remove_prefix(1);
  while (text.ends_with('/')) text.remove_suffix(1);
  if (!SameName(text.substr(0, kEndpoints.size()), kEndpoints)) return std::nullopt;
  return ReadGuidText(text.substr(kEndpoints.size()));
}

Status CheckName(const Json& document, abi::HRESULT code) {
  const std::string name = StringField(document, "Name");
  if (name.size() > kMaxName) {
    return {code, "Name has more than " + std::to_string(kMaxName) + " bytes"};
  }
  const bool control =
      std::any_of(name.begin(), name.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; });
  return control ? Status{code, "Name has a control character in it"} : Status();
}

}  // namespace hcs::emulator::hns
