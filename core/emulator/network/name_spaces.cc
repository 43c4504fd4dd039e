#include <algorithm>
#include <set>
#include <utility>

#include "core/emulator/documents/schema.h"
#include "core/emulator/network/hns_codes.h"
#include "core/emulator/network/hns_documents.h"
#include "core/emulator/network/references.h"
#include "core/emulator/state/guid.h"

namespace hcs::emulator::hns {
namespace {

constexpr char kEndpointType[] = "Endpoint";
constexpr char kContainerType[] = "Container";
// The host's own compartment is 1.
constexpr uint32_t kFirstCompartment = 2;

Status Invalid(std::string message) { return {abi::ERROR_INVALID_PARAMETER, std::move(message)}; }

Status Missing(HnsState& state, const std::string& id) {
  return state.Missing(Kind::kNamespace, id, abi::ERROR_NOT_FOUND);
}

Json Resource(const std::string& type, const std::string& id) {
  return {{"Type", type}, {"Data", {{"Id", id}}}};
}

// A request's resource in HNS' form.
Outcome<Json> ReadResource(const std::string& body) {
  const Outcome<Json> read = ReadBody(body, kResourceFields);
  if (!read.ok()) return read;
  const Json* data = FindField(*read, "Data");
  const std::string id = data == nullptr ? std::string() : StringField(*data, "Id");
  if (id.empty()) return Invalid("Data.Id is missing");
  const std::string type = StringField(*read, "Type");
  if (SameName(type, kContainerType)) return Resource(kContainerType, id);
  if (!SameName(type, kEndpointType)) {
    return Invalid(R"(Type is not Endpoint or Container: ")" + type + "\"");
  }
  const std::optional<std::string> guid = ReadGuidText(id);
  if (!guid) return Invalid("Data.Id is not a GUID: \"" + id + "\"");
  return Resource(kEndpointType, *guid);
}

uint32_t FreeCompartment(const HnsModel& model) {
  std::set<uint64_t> taken;
  for (const auto& [id, space] : model.name_spaces()) {
    taken.insert(NumberField(space.document, "CompartmentId"));
  }
  uint32_t compartment = kFirstCompartment;
  while (taken.contains(compartment)) ++compartment;
  return compartment;
}

Status CheckDefault(const HnsModel& model, const Json& document) {
  if (!BoolField(document, "IsDefault")) return {};
  for (const auto& [id, space] : model.name_spaces()) {
    if (BoolField(space.document, "IsDefault")) {
      return {kObjectExists, "IsDefault: the default namespace is " + id};
    }
  }
  return {};
}

Json* FindResource(Json* document, const Json& resource) {
  Json& list = (*document)["ResourceList"];
  const auto found = std::find(list.begin(), list.end(), resource);
  return found == list.end() ? nullptr : &*found;
}

Status CheckAddable(HnsState& state, const std::string& id, const Json& resource) {
  const std::string resource_id = StringField(resource["Data"], "Id");
  if (resource["Type"] == kContainerType) {
    if (state.RuntimeIdOf(resource_id)) return {};
    return {abi::ERROR_NOT_FOUND, "Data.Id: there is no container \"" + resource_id + "\""};
  }
  if (state.model().FindEndpoint(resource_id) == nullptr) {
    return {abi::HCN_E_ENDPOINT_NOT_FOUND, "Data.Id: " + resource_id};
  }
  const std::set<std::string>& spaces = state.model().NameSpacesOf(resource_id);
  if (spaces.empty() || spaces.contains(id)) return {};
  return {kObjectExists, "the endpoint is in namespace " + *spaces.begin()};
}

Status PutNameSpace(HnsState& state, const std::string& id, const Json& document) {
  return state.Put(Kind::kNamespace, id, {{"Document", document}});
}

}  // namespace

Outcome<Json> ListNameSpaces(HnsState& state) {
  Json list = Json::array();
  for (const auto& [id, space] : state.model().name_spaces()) list.push_back(space.document);
  return list;
}

Outcome<Json> GetNameSpace(HnsState& state, const std::string& id) {
  const NameSpace* space = state.model().FindNameSpace(id);
  if (space == nullptr) return Missing(state, id);
  return space->document;
}

Outcome<Json> CreateNameSpace(HnsState& state, const std::string& body) {
  Outcome<Json> read = ReadBody(body, kNamespaceFields);
  if (!read.ok()) return read;
  Json document = *std::move(read);
  Outcome<std::string> wanted = GuidField(document, "ID", abi::ERROR_INVALID_PARAMETER);
  if (!wanted.ok()) return wanted.failure();
  const std::string id = wanted->empty() ? NewGuidText() : *wanted;
  if (state.model().FindNameSpace(id) != nullptr) {
    return Status{kObjectExists, "ID is that of another namespace: " + id};
  }
  if (document.contains("ResourceList") && !document["ResourceList"].empty()) {
    return Invalid("ResourceList: resources are added to a namespace that is there");
  }
  if (Status status = CheckDefault(state.model(), document); !status.ok()) return status;
  document["ID"] = id;
  document["IsDefault"] = BoolField(document, "IsDefault");
  document["CompartmentId"] = FreeCompartment(state.model());
  document["ResourceList"] = Json::array();
  if (Status status = PutNameSpace(state, id, document); !status.ok()) return status;
  return document;
}

Outcome<Json> DeleteNameSpace(HnsState& state, const std::string& id) {
  if (state.model().FindNameSpace(id) == nullptr) return Missing(state, id);
  if (Status status = state.Erase(Kind::kNamespace, id); !status.ok()) return status;
  return Json::object();
}

Outcome<Json> AddResource(HnsState& state, const std::string& id, const std::string& body) {
  const NameSpace* space = state.model().FindNameSpace(id);
  if (space == nullptr) return Missing(state, id);
  const Outcome<Json> resource = ReadResource(body);
  if (!resource.ok()) return resource;
  Json document = space->document;
  if (FindResource(&document, *resource) != nullptr) {
    return Status{kObjectExists, "the resource is in the namespace already"};
  }
  if (Status status = CheckAddable(state, id, *resource); !status.ok()) return status;
  document["ResourceList"].push_back(*resource);
  if (Status status = PutNameSpace(state, id, document); !status.ok()) return status;
  return document;
}

Outcome<Json> RemoveResource(HnsState& state, const std::string& id, const std::string& body) {
  const NameSpace* space = state.model().FindNameSpace(id);
  if (space == nullptr) return Missing(state, id);
  const Outcome<Json> resource = ReadResource(body);
  if (!resource.ok()) return resource;
  Json document = space->document;
  const Json* found = FindResource(&document, *resource);
  if (found == nullptr) {
    return Status{abi::ERROR_NOT_FOUND, "the resource is not in the namespace"};
  }
  Json& list = document["ResourceList"];
  list.erase(static_cast<size_t>(found - &list.front()));
  if (Status status = PutNameSpace(state, id, document); !status.ok()) return status;
  return document;
}

Status DropReferences(HnsState& state, const std::string& endpoint) {
  // Copies: what is written changes the model's.
  const std::set<std::string> lists = state.model().PolicyListsOf(endpoint);
  for (const std::string& id : lists) {
    Json document = state.model().FindPolicyList(id)->document;
    Json& references = document["References"];
    for (size_t i = references.size(); i-- > 0;) {
      if (EndpointOfReference(references[i]) == endpoint) references.erase(i);
    }
    Status status = state.Put(Kind::kPolicyList, id, {{"Document", document}});
    if (!status.ok()) return status;
  }
  const std::set<std::string> spaces = state.model().NameSpacesOf(endpoint);
  for (const std::string& id : spaces) {
    Json document = state.model().FindNameSpace(id)->document;
    Json& list = document["ResourceList"];
    const Json resource = Resource(kEndpointType, endpoint);
    for (size_t i = list.size(); i-- > 0;) {
      if (list[i] == resource) list.erase(i);
    }
    if (Status status = PutNameSpace(state, id, document); !status.ok()) return status;
  }
  return {};
}

}  // namespace hcs::emulator::hns
