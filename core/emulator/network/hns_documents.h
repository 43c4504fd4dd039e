// The documents of HNS: their fields, and what callers write brought into HNS' own form.

#ifndef HCS_CORE_EMULATOR_NETWORK_HNS_DOCUMENTS_H_
#define HCS_CORE_EMULATOR_NETWORK_HNS_DOCUMENTS_H_

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "core/emulator/documents/json_text.h"
#include "core/emulator/documents/schema.h"
#include "core/emulator/outcome.h"

namespace hcs::emulator::hns {

extern const Schema kNetworkFields;
extern const Schema kEndpointFields;
extern const Schema kPolicyListFields;
extern const Schema kNamespaceFields;
extern const Schema kAttachFields;
extern const Schema kResourceFields;

// Two names are one when they differ in nothing but ASCII's case.
bool SameName(std::string_view one, std::string_view other);

// `object` with the schema's fields by the schema's spelling, however they are written,
// nested ones too; null and the empty string, which say that a field is absent, are left
// out. Other fields stay as they are. HCN_E_INVALID_JSON for a field of a wrong type, and
// for one that is there twice with different values.
Outcome<Json> InHnsForm(const Json& object, Schema schema);

// The same of a request's body.
Outcome<Json> ReadBody(std::string_view body, Schema schema);

// The GUID of the field `name`, in lower case; empty when the field is absent. `code` for
// what is no GUID.
Outcome<std::string> GuidField(const Json& document, const char* name, abi::HRESULT code);

// The endpoint that a policy list's reference names: "/endpoints/GUID"; nullopt for what
// names none.
std::optional<std::string> EndpointOfReference(const Json& reference);

// The names of networks and endpoints are free, but for their length and controls.
Status CheckName(const Json& document, abi::HRESULT code);

}  // namespace hcs::emulator::hns

#endif  // HCS_CORE_EMULATOR_NETWORK_HNS_DOCUMENTS_H_
