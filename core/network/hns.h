// HNS, typed: what HNSCall's paths and methods do, over messages of the contract.

#ifndef HCS_CORE_NETWORK_HNS_H_
#define HCS_CORE_NETWORK_HNS_H_

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/host/compute_service.h"
#include "core/network/document_change.h"
#include "hcs/v1/network_documents.pb.h"
#include "hcs/v1/properties.pb.h"

namespace hcs::network {

// Where HNS keeps the objects that are described by a message.
template <typename Document>
struct Collection;
template <>
struct Collection<v1::Network> {
  static constexpr std::string_view kPath = "/networks/";
};
template <>
struct Collection<v1::Endpoint> {
  static constexpr std::string_view kPath = "/endpoints/";
};
template <>
struct Collection<v1::Namespace> {
  static constexpr std::string_view kPath = "/namespaces/";
};
template <>
struct Collection<v1::PolicyList> {
  static constexpr std::string_view kPath = "/policylists/";
};

// Thread-safe. Every method is one call of the host unless it says more, and blocks for as
// long as that takes. Ids are those of ParseObjectId. Failures are those of TableCaller,
// with "METHOD PATH" as their object, and those of OutputOf; a document of another shape
// than the message's is UNEXPECTED_VALUE.
class Hns {
 public:
  // `host` must outlive this.
  explicit Hns(const host::ComputeService& host) : host_(host) {}

  Hns(const Hns&) = delete;
  Hns& operator=(const Hns&) = delete;

  // All that there are, in HNS' order.
  template <typename Document>
  absl::StatusOr<std::vector<Document>> List() const {
    std::vector<Document> all;
    absl::Status status = ListInto(Collection<Document>::kPath, [&all] {
      return static_cast<google::protobuf::Message*>(&all.emplace_back());
    });
    if (!status.ok()) return status;
    return all;
  }

  template <typename Document>
  absl::StatusOr<Document> Get(std::string_view id) const {
    Document document;
    absl::Status status = Ask("GET", PathOf<Document>(id), {}, &document);
    if (!status.ok()) return status;
    return document;
  }

  // `document` is a JSON object. What HNS made of it, its id included.
  template <typename Document>
  absl::StatusOr<Document> Create(std::string_view document) const {
    Document created;
    absl::Status status = CreateInto(Collection<Document>::kPath, document, &created);
    if (!status.ok()) return status;
    return created;
  }

  // Three calls: what there is, the whole of it changed, and what has come of that. Another
  // change between them would be lost: the caller sees to it.
  template <typename Document>
  absl::StatusOr<Document> Change(std::string_view id, const DocumentChange& change) const {
    Document changed;
    absl::Status status = ChangeInto(PathOf<Document>(id), change, &changed);
    if (!status.ok()) return status;
    return changed;
  }

  template <typename Document>
  absl::Status Delete(std::string_view id) const {
    return Tell("DELETE", PathOf<Document>(id), {});
  }

  absl::Status Attach(std::string_view endpoint, const v1::EndpointAttachment& attachment) const;
  absl::Status Detach(std::string_view endpoint, const v1::EndpointAttachment& attachment) const;
  absl::StatusOr<v1::NetworkStats> GetStatistics(std::string_view endpoint) const;
  absl::Status AddResource(std::string_view name_space,
                           const v1::NamespaceResource& resource) const;
  absl::Status RemoveResource(std::string_view name_space,
                              const v1::NamespaceResource& resource) const;

 private:
  template <typename Document>
  static std::string PathOf(std::string_view id) {
    return std::string(Collection<Document>::kPath).append(id);
  }

  absl::StatusOr<nlohmann::json> Call(std::string_view method, std::string_view path,
                                      std::string_view body) const;
  // Calls, and reads the output.
  absl::Status Ask(std::string_view method, std::string_view path, std::string_view body,
                   google::protobuf::Message* output) const;
  // Calls, and does not look at the output.
  absl::Status Tell(std::string_view method, std::string_view path, std::string_view body) const;
  absl::Status TellOf(std::string_view path, const google::protobuf::Message& body) const;
  // Reads each element of the output into what `add` gives for it.
  absl::Status ListInto(std::string_view path,
                        absl::FunctionRef<google::protobuf::Message*()> add) const;
  absl::Status CreateInto(std::string_view path, std::string_view document,
                          google::protobuf::Message* created) const;
  absl::Status ChangeInto(std::string_view path, const DocumentChange& change,
                          google::protobuf::Message* changed) const;

  const host::ComputeService& host_;
};

}  // namespace hcs::network

#endif  // HCS_CORE_NETWORK_HNS_H_
