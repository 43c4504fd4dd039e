// The fields by which requests name HNS' objects and hold their documents.

#ifndef HCS_CORE_RUNTIME_NETWORK_REQUESTS_H_
#define HCS_CORE_RUNTIME_NETWORK_REQUESTS_H_

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/network/document_change.h"
#include "core/network/object_id.h"
#include "core/runtime/page_token.h"
#include "core/runtime/services.h"
#include "google/protobuf/message.h"

namespace hcs::runtime {

// Errors of fields are INVALID_ARGUMENT and name the field. What asks HNS blocks.

// A GUID, as network::ParseObjectId gives it.
absl::StatusOr<std::string> ObjectIdIn(std::string_view field, std::string_view text);

// An id or a name: 1 to 256 bytes of UTF-8 without control characters.
absl::Status CheckIdOrName(std::string_view field, std::string_view text);

// The network or endpoint, by its id or name, which CheckIdOrName has passed, as HNS has
// it now. NOT_FOUND; FAILED_PRECONDITION for a name that several have, with their ids.
absl::StatusOr<v1::Network> FindNetwork(Services& services, const std::string& id_or_name);
absl::StatusOr<v1::Endpoint> FindEndpoint(Services& services, const std::string& id_or_name);

// The typed document or the raw one, as JSON: an object. `field` is the typed one's name.
absl::StatusOr<std::string> DocumentFrom(std::string_view field, bool is_raw,
                                         const google::protobuf::Message& typed,
                                         const std::string& raw);

// What ModifyNetwork and ModifyEndpoint change.
template <typename Request>
absl::StatusOr<network::DocumentChange> ChangeIn(const Request& request);
absl::StatusOr<network::DocumentChange> RawChange(const std::string& raw_document, bool has_mask);

// Those of `all` that `matches(Document)`, in the order of their ids, and of these the
// page after `after`.
template <typename Document>
struct Page {
  std::vector<Document> documents;
  // Empty on the last one.
  std::string next;
};
template <typename Document, typename Matches>
Page<Document> PageOf(std::string_view list, std::vector<Document> all, const std::string& after,
                      size_t limit, Matches matches);

// page_size and page_token of a request.
struct PagePlace {
  size_t limit = 0;
  std::string after;
};
template <typename Request>
absl::StatusOr<PagePlace> PlaceIn(std::string_view list, const Request& request);

// --- Implementation.

template <typename Request>
absl::StatusOr<network::DocumentChange> ChangeIn(const Request& request) {
  if (request.document_case() == Request::kRawDocument) {
    return RawChange(request.raw_document(), request.has_update_mask());
  }
  return network::ChangeTo(request.changes(), request.update_mask());
}

template <typename Document, typename Matches>
Page<Document> PageOf(std::string_view list, std::vector<Document> all, const std::string& after,
                      size_t limit, Matches matches) {
  struct Entry {
    std::string key;
    Document* document;
  };
  std::vector<Entry> entries;
  for (Document& document : all) {
    std::string key = network::ObjectKey(document.id());
    if (key > after && matches(document)) entries.push_back({std::move(key), &document});
  }
  std::sort(entries.begin(), entries.end(),
            [](const Entry& one, const Entry& other) { return one.key < other.key; });
  Page<Document> page;
  if (entries.size() > limit) {
    entries.resize(limit);
    page.next = EncodePageToken(list, entries.back().key);
  }
  for (Entry& entry : entries) page.documents.push_back(std::move(*entry.document));
  return page;
}

template <typename Request>
absl::StatusOr<PagePlace> PlaceIn(std::string_view list, const Request& request) {
  const absl::StatusOr<size_t> limit = PageSize(request.page_size());
  if (!limit.ok()) return limit.status();
  absl::StatusOr<std::string> after = DecodePageToken(list, request.page_token());
  if (!after.ok()) return after.status();
  return PagePlace{*limit, *std::move(after)};
}

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_NETWORK_REQUESTS_H_
