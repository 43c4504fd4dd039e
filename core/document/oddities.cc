#include "core/document/oddities.h"

namespace hcs::document {

namespace {

// HNS' documents. The Go API of 2016 writes Id where HNS says ID; and what HNS answers
// differs between builds, without a schema that would say how.
const absl::flat_hash_set<std::string>& HnsMessages() {
  static const absl::flat_hash_set<std::string> messages = {"hcs.v1.Network",
                                                            "hcs.v1.Subnet",
                                                            "hcs.v1.MacPool",
                                                            "hcs.v1.Endpoint",
                                                            "hcs.v1.NatPolicy",
                                                            "hcs.v1.QosPolicy",
                                                            "hcs.v1.VlanPolicy",
                                                            "hcs.v1.VsidPolicy",
                                                            "hcs.v1.PaPolicy",
                                                            "hcs.v1.AclPolicy",
                                                            "hcs.v1.OutboundNatPolicy",
                                                            "hcs.v1.RoutePolicy",
                                                            "hcs.v1.ElbPolicy",
                                                            "hcs.v1.L2DriverPolicy",
                                                            "hcs.v1.IsolationPolicy",
                                                            "hcs.v1.ProxyPolicy",
                                                            "hcs.v1.Namespace",
                                                            "hcs.v1.NamespaceResource",
                                                            "hcs.v1.NamespaceResourceData",
                                                            "hcs.v1.PolicyList",
                                                            "hcs.v1.EndpointAttachment"};
  return messages;
}

// And those that HCS has as well.
absl::flat_hash_set<std::string> MessagesOfAnyCase() {
  absl::flat_hash_set<std::string> messages = HnsMessages();
  messages.insert("hcs.v1.NetworkStats");  // EndpointId in HCS, EndpointID in HNS.
  return messages;
}

}  // namespace

const Oddities& HostOddities() {
  static const Oddities oddities = {
      // [height, width]; in ProcessModifyRequest it is an object.
      .fields_as_arrays = {"hcs.v1.ProcessConfig.console_size"},
      .messages_of_any_case = MessagesOfAnyCase(),
      .messages_of_any_type = HnsMessages(),
      // {"Type": "NAT", "InternalPort": 80, ...}
      .tagged_messages = {{"hcs.v1.NetworkPolicy", "Type"}},
  };
  return oddities;
}

}  // namespace hcs::document
