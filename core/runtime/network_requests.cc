#include "core/runtime/network_requests.h"

#include <cstdint>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/abi/hresult.h"
#include "core/document/document.h"
#include "core/document/invalid_field.h"
#include "core/host/host_error.h"
#include "core/platform/unicode.h"

namespace hcs::runtime {
namespace {

constexpr size_t kLongestName = 256;

bool IsControl(char byte) { return static_cast<uint8_t>(byte) < 0x20 || byte == 0x7f; }

// What the two kinds that have names differ in.
struct Kind {
  std::string_view words;
  abi::HRESULT missing;
};
constexpr Kind kNetwork{"networks", abi::HCN_E_NETWORK_NOT_FOUND};
constexpr Kind kEndpoint{"endpoints", abi::HCN_E_ENDPOINT_NOT_FOUND};

// All that have the name; what is seen on the way is remembered.
template <typename Document>
absl::StatusOr<std::vector<Document>> ListNamed(Services& services, NetworkNames& names,
                                                const std::string& name) {
  auto all = services.hns.List<Document>();
  if (!all.ok()) return all.status();
  std::vector<NetworkNames::Entry> entries;
  std::vector<Document> named;
  for (Document& document : *all) {
    if (const auto id = network::ParseObjectId(document.id())) {
      entries.push_back({*id, document.name()});
    }
    if (document.name() == name) named.push_back(std::move(document));
  }
  names.Replace(std::move(entries));
  return named;
}

template <typename Document>
absl::StatusOr<Document> Find(Services& services, NetworkNames& names, const Kind& kind,
                              const std::string& id_or_name) {
  if (const auto id = network::ParseObjectId(id_or_name)) {
    return services.hns.Get<Document>(*id);
  }
  if (const auto known = names.Find(id_or_name); known.size() == 1) {
    auto document = services.hns.Get<Document>(known.front());
    if (document.ok() && document->name() == id_or_name) return document;
    if (!document.ok() && !absl::IsNotFound(document.status())) return document.status();
  }
  auto named = ListNamed<Document>(services, names, id_or_name);
  if (!named.ok()) return named.status();
  if (named->empty()) return host::MakeHostStatus(kind.missing, {"HNSCall", id_or_name});
  if (named->size() == 1) return std::move(named->front());
  std::vector<std::string> ids;
  for (const Document& document : *named) ids.push_back(document.id());
  return absl::FailedPreconditionError(absl::StrCat(id_or_name, " is the name of ", ids.size(), " ",
                                                    std::string(kind.words), ": ",
                                                    absl::StrJoin(ids, ", ")));
}

}  // namespace

absl::StatusOr<std::string> ObjectIdIn(std::string_view field, std::string_view text) {
  if (auto id = network::ParseObjectId(text)) return *std::move(id);
  return document::InvalidField(field, "must be a GUID");
}

absl::Status CheckIdOrName(std::string_view field, std::string_view text) {
  if (text.empty() || text.size() > kLongestName) {
    return document::InvalidField(field, absl::StrCat("must be an id or a name of 1 to ",
                                                      kLongestName, " bytes, is ", text.size()));
  }
  if (!platform::IsValidUtf8(text)) return document::InvalidField(field, "must be valid UTF-8");
  if (std::any_of(text.begin(), text.end(), IsControl)) {
    return document::InvalidField(field, "must not hold a control character");
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::Network> FindNetwork(Services& services, const std::string& id_or_name) {
  return Find<v1::Network>(services, services.network_names, kNetwork, id_or_name);
}

absl::StatusOr<v1::Endpoint> FindEndpoint(Services& services, const std::string& id_or_name) {
  return Find<v1::Endpoint>(services, services.endpoint_names, kEndpoint, id_or_name);
}

absl::StatusOr<std::string> DocumentFrom(std::string_view field, bool is_raw,
                                         const google::protobuf::Message& typed,
                                         const std::string& raw) {
  if (is_raw) {
    if (absl::Status valid = network::CheckObject("raw_document", raw); !valid.ok()) return valid;
    return raw;
  }
  absl::StatusOr<std::string> json = document::ToJson(typed);
  if (!json.ok()) return document::InvalidFieldWithin(field, json.status());
  return json;
}

absl::StatusOr<network::DocumentChange> RawChange(const std::string& raw_document, bool has_mask) {
  if (has_mask) return document::InvalidField("update_mask", "must not be beside raw_document");
  absl::Status valid = network::CheckObject("raw_document", raw_document);
  if (!valid.ok()) return valid;
  return network::DocumentChange{raw_document, {}};
}

}  // namespace hcs::runtime
