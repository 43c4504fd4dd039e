#include "core/document/oddities.h"

namespace hcs::document {

const Oddities& HostOddities() {
  static const Oddities oddities = {
      // [height, width]; in ProcessModifyRequest it is an object.
      .fields_as_arrays = {"hcs.v1.ProcessConfig.console_size"},
      // HNS' documents: the Go API of 2016 writes Id where HNS says ID.
      .messages_of_any_case = {"hcs.v1.Network",           "hcs.v1.Subnet",
                               "hcs.v1.MacPool",           "hcs.v1.Endpoint",
                               "hcs.v1.NatPolicy",         "hcs.v1.QosPolicy",
                               "hcs.v1.VlanPolicy",        "hcs.v1.VsidPolicy",
                               "hcs.v1.PaPolicy",          "hcs.v1.AclPolicy",
                               "hcs.v1.OutboundNatPolicy", "hcs.v1.RoutePolicy",
                               "hcs.v1.ElbPolicy",         "hcs.v1.IsolationPolicy",
                               "hcs.v1.ProxyPolicy",       "hcs.v1.Namespace",
                               "hcs.v1.NamespaceResource", "hcs.v1.NamespaceResourceData",
                               "hcs.v1.PolicyList",        "hcs.v1.EndpointAttachment",
                               "hcs.v1.NetworkStats"},
      // {"Type": "NAT", "InternalPort": 80, ...}
      .tagged_messages = {{"hcs.v1.NetworkPolicy", "Type"}},
  };
  return oddities;
}

}  // namespace hcs::document
