// A client of hcsd.
//
//   absl::StatusOr<hcs::client::Client> client =
//       hcs::client::Client::Connect("unix:///run/hcsd/hcsd.sock");
//   hcs::v1::CreateContainerRequest request;
//   request.set_id("web");
//   request.mutable_config()->set_owner("me");
//   absl::StatusOr<hcs::v1::Container> web = client->containers().Create(request);
//   if (hcs::client::IsAlreadyExists(web.status())) ...
//
// Requests and answers are the contract's own messages (proto/hcs/v1). Errors: error.h.
// Streams of a process: process_session.h.

#ifndef HCS_CLIENT_HCS_CLIENT_CLIENT_H_
#define HCS_CLIENT_HCS_CLIENT_CLIENT_H_

#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "client/hcs_client/address.h"
#include "client/hcs_client/call_options.h"
#include "client/hcs_client/containers.h"
#include "client/hcs_client/error.h"
#include "client/hcs_client/events.h"
#include "client/hcs_client/host.h"
#include "client/hcs_client/images.h"
#include "client/hcs_client/layers.h"
#include "client/hcs_client/processes.h"

namespace hcs::client {

// Cheap to copy (the copies share one connection), and thread-safe.
class Client {
 public:
  // Does not wait for the daemon: the first call connects, and ends with UNAVAILABLE if
  // it cannot. A lost connection is made again by the next call. INVALID_ARGUMENT for
  // an address that is none: see GrpcTarget.
  static absl::StatusOr<Client> Connect(absl::string_view address);

  Containers containers() const { return Containers(connection_); }
  Processes processes() const { return Processes(connection_); }
  Events events() const { return Events(connection_); }
  Host host() const { return Host(connection_); }
  Images images() const { return Images(connection_); }
  Layers layers() const { return Layers(connection_); }

 private:
  explicit Client(std::shared_ptr<Connection> connection) : connection_(std::move(connection)) {}

  std::shared_ptr<Connection> connection_;
};

}  // namespace hcs::client

#endif  // HCS_CLIENT_HCS_CLIENT_CLIENT_H_
