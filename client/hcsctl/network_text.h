// Networks and what is in them, as people read it.

#ifndef HCS_CLIENT_HCSCTL_NETWORK_TEXT_H_
#define HCS_CLIENT_HCSCTL_NETWORK_TEXT_H_

#include <string>
#include <vector>

#include "hcs/v1/network_documents.pb.h"
#include "hcs/v1/network_service.pb.h"
#include "hcs/v1/properties.pb.h"

namespace hcs::ctl {

// Tables, with a heading.
std::string NetworksText(const std::vector<v1::Network>& networks);
std::string EndpointsText(const std::vector<v1::Endpoint>& endpoints);
std::string NamespacesText(const std::vector<v1::Namespace>& namespaces);
std::string LoadBalancersText(const std::vector<v1::PolicyList>& lists);

struct NamedStatistics {
  std::string endpoint;
  v1::NetworkStats statistics;
};
std::string EndpointStatisticsText(const std::vector<NamedStatistics>& all);

// "endpoint web (ID)", "container web", "namespace ID".
std::string UserText(const v1::NetworkUser& user);

}  // namespace hcs::ctl

#endif  // HCS_CLIENT_HCSCTL_NETWORK_TEXT_H_
