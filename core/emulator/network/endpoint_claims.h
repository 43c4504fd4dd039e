// What a new or changed endpoint takes for itself: addresses, a MAC, external ports.

#ifndef HCS_CORE_EMULATOR_NETWORK_ENDPOINT_CLAIMS_H_
#define HCS_CORE_EMULATOR_NETWORK_ENDPOINT_CLAIMS_H_

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "core/emulator/documents/json_text.h"
#include "core/emulator/network/hns_model.h"
#include "core/emulator/outcome.h"

namespace hcs::emulator::hns {

// Gives everything back at the end, unless it was kept. Not thread-safe; the model
// outlives it.
class EndpointClaims {
 public:
  // `network` and `endpoint` are ids; the network is there.
  EndpointClaims(HnsModel* model, std::string network, std::string endpoint)
      : model_(model), network_(std::move(network)), endpoint_(std::move(endpoint)) {}
  ~EndpointClaims();
  EndpointClaims(const EndpointClaims&) = delete;
  EndpointClaims& operator=(const EndpointClaims&) = delete;

  // Each takes what the document asks for, or what HNS assigns, and writes it there.

  // An address of each family that the network has, with prefix length and gateway.
  Status TakeAddresses(Json* document);
  Status TakeMac(Json* document);
  // Of the document's NAT policies, which have been checked.
  Status TakePorts(Json* document);

  void Keep() { undo_.clear(); }

 private:
  struct FamilyFields;
  Status TakeAddress(const FamilyFields& fields, Json* document);
  Outcome<IpAddress> Assigned(const FamilyFields& fields, const std::string& wanted);
  Status TakePort(const std::string& path, Json* policy, std::set<ExternalPort>* own);

  HnsModel* const model_;
  const std::string network_;
  const std::string endpoint_;
  std::vector<std::function<void()>> undo_;
};

}  // namespace hcs::emulator::hns

#endif  // HCS_CORE_EMULATOR_NETWORK_ENDPOINT_CLAIMS_H_
