// A daemon whose networks a case makes.

#ifndef HCS_TESTS_INTEGRATION_NETWORK_FIXTURE_H_
#define HCS_TESTS_INTEGRATION_NETWORK_FIXTURE_H_

#include <memory>
#include <string>
#include <vector>

#include "hcs/v1/event_service.grpc.pb.h"
#include "hcs/v1/network_service.grpc.pb.h"
#include "tests/integration/calls.h"
#include "tests/integration/daemon_fixture.h"

namespace hcs::integration {

using NetworkStub = v1::NetworkService::Stub;

// A request that names a network.
template <typename Request>
Request Named(const std::string& network) {
  Request request;
  request.set_network(network);
  return request;
}

class Networks {
 public:
  Networks() { Reconnect(); }

  Daemon& daemon() { return daemon_; }
  // After the daemon's restart.
  void Reconnect() { stub_ = v1::NetworkService::NewStub(daemon_.channel()); }

  template <typename Response, typename Request>
  grpc::Status Do(grpc::Status (NetworkStub::*method)(grpc::ClientContext*, const Request&,
                                                      Response*),
                  const Request& request, Response* response = nullptr) {
    Call call;
    Response unused;
    return (*stub_.*method)(call.context(), request, response == nullptr ? &unused : response);
  }

  // These must succeed.
  v1::Network CreateNat(const std::string& name, const std::string& prefix,
                        const std::string& gateway);
  v1::Endpoint CreateEndpoint(const std::string& network, const std::string& name);
  v1::GetNetworkResponse GetNetwork(const std::string& network);
  v1::Endpoint GetEndpoint(const std::string& endpoint);
  v1::Endpoint Attach(const std::string& endpoint, const std::string& container);
  std::vector<v1::Endpoint> ListAll();
  // Those in the journal.
  std::vector<v1::Event> Events(const v1::EventFilter& filter);

  template <typename Response>
  struct Answer {
    grpc::Status status;
    Response response;
  };
  Answer<v1::DeleteNetworkResponse> DeleteNetwork(const std::string& network, bool force = false);
  Answer<v1::DeleteEndpointResponse> DeleteEndpoint(const std::string& endpoint,
                                                    bool force = false);

 private:
  Daemon daemon_;
  std::unique_ptr<NetworkStub> stub_;
};

}  // namespace hcs::integration

#endif  // HCS_TESTS_INTEGRATION_NETWORK_FIXTURE_H_
