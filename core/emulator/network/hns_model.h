// HNS' objects in memory, with what is derived from them: whose each address, MAC and
// port is, and who refers to whom.

#ifndef HCS_CORE_EMULATOR_NETWORK_HNS_MODEL_H_
#define HCS_CORE_EMULATOR_NETWORK_HNS_MODEL_H_

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/emulator/documents/json_text.h"
#include "core/emulator/network/address_space.h"
#include "core/emulator/network/mac_registry.h"
#include "core/emulator/network/object_store.h"
#include "core/emulator/network/port_registry.h"

namespace hcs::emulator::hns {

// `document` is what callers see of an object; documents have been checked.
struct Network {
  Json document;
  AddressSpace addresses{{}};
};

struct Endpoint {
  Json document;
  // Who has it: [{"ContainerId", "SystemType", "CompartmentId", "VirtualNicName",
  // "RuntimeId"}].
  Json attachments = Json::array();

  std::string network;
  std::vector<IpAddress> addresses;
  std::optional<MacAddress> mac;
  std::vector<ExternalPort> ports;
};

struct PolicyList {
  Json document;
  std::vector<std::string> endpoints;  // That it refers to.
};

struct NameSpace {
  Json document;
  std::vector<std::string> endpoints;  // That are in it.
};

// Built from records by Learn and Forget alone, so that it is the same whether an object
// was made here, by another process, or before a restart. What records contradict (two
// endpoints with one address) counts for the first of them. Not thread-safe.
class HnsModel {
 public:
  const std::map<std::string, Network>& networks() const { return networks_; }
  const std::map<std::string, Endpoint>& endpoints() const { return endpoints_; }
  const std::map<std::string, PolicyList>& policy_lists() const { return policy_lists_; }
  const std::map<std::string, NameSpace>& name_spaces() const { return name_spaces_; }

  // nullptr when there is none.
  Network* FindNetwork(const std::string& id);
  // Names are compared without regard to case.
  Network* FindNetworkByName(const std::string& name);
  Endpoint* FindEndpoint(const std::string& id);
  PolicyList* FindPolicyList(const std::string& id);
  NameSpace* FindNameSpace(const std::string& id);

  // Ids; an object that is named by others need not be there.
  const std::set<std::string>& EndpointsOf(const std::string& network) const;
  const std::set<std::string>& PolicyListsOf(const std::string& endpoint) const;
  const std::set<std::string>& NameSpacesOf(const std::string& endpoint) const;

  MacRegistry& macs() { return macs_; }
  PortRegistry& ports() { return ports_; }

  // A record is what the store keeps of an object: {"Document", "Attachments"}.
  void Learn(Kind kind, const std::string& id, const Json& record);
  void Forget(Kind kind, const std::string& id);

  // Journal lines that say that an address or MAC was released, and what they do.
  static std::string ReleaseLine(const std::string& network, const IpAddress& address);
  static std::string ReleaseLine(const MacAddress& mac);
  void RememberRelease(const std::string& line);
  // Of everything that is free after it was in use, in the order of its release.
  std::vector<std::string> ReleaseLines() const;

 private:
  void LearnNetwork(const std::string& id, const Json& record);
  void LearnEndpoint(const std::string& id, const Json& record);
  void LearnPolicyList(const std::string& id, const Json& record);
  void LearnNameSpace(const std::string& id, const Json& record);
  void ForgetNetwork(const std::string& id);
  void ForgetEndpoint(const std::string& id);
  void ForgetPolicyList(const std::string& id);
  void ForgetNameSpace(const std::string& id);
  void SetSubnets(const std::string& id, Network* network);

  std::map<std::string, Network> networks_;
  std::map<std::string, Endpoint> endpoints_;
  std::map<std::string, PolicyList> policy_lists_;
  std::map<std::string, NameSpace> name_spaces_;
  std::map<std::string, std::string> network_names_;  // In upper case, to ids.
  using References = std::map<std::string, std::set<std::string>>;
  References endpoints_of_;
  References policy_lists_of_;
  References name_spaces_of_;
  MacRegistry macs_;
  PortRegistry ports_;
};

}  // namespace hcs::emulator::hns

#endif  // HCS_CORE_EMULATOR_NETWORK_HNS_MODEL_H_
