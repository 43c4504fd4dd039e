#include "client/hcs_client/client.h"

#include <string>

#include "client/hcs_client/connection.h"

namespace hcs::client {

absl::StatusOr<Client> Client::Connect(absl::string_view address) {
  const absl::StatusOr<std::string> target = GrpcTarget(address);
  if (!target.ok()) return target.status();
  return Client(std::make_shared<Connection>(*target));
}

}  // namespace hcs::client
