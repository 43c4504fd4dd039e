// Containers: hcs.v1.ContainerService, called and waited for.
//
// What each call does and how it fails is said in container_service.proto. Every method
// blocks until the daemon has answered or the call's time limit has run out, and may be
// called from any thread.

#ifndef HCS_CLIENT_HCS_CLIENT_CONTAINERS_H_
#define HCS_CLIENT_HCS_CLIENT_CONTAINERS_H_

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/hcs_client/call_options.h"
#include "client/hcs_client/message_stream.h"
#include "hcs/v1/container_service.pb.h"

namespace hcs::client {

struct Connection;

using StatisticsStream = MessageStream<v1::WatchContainerStatisticsResponse>;

// Cheap to copy.
class Containers {
 public:
  explicit Containers(std::shared_ptr<Connection> connection)
      : connection_(std::move(connection)) {}

  // The request's own request_id counts, if it has one, before the options'.
  absl::StatusOr<v1::Container> Create(v1::CreateContainerRequest request,
                                       const CallOptions& options = {}) const;
  absl::StatusOr<v1::Container> Open(const v1::OpenContainerRequest& request,
                                     const CallOptions& options = {}) const;
  absl::StatusOr<v1::Container> Get(const std::string& id, const CallOptions& options = {}) const;

  // All pages, ordered by id. The time limit is for each page.
  absl::StatusOr<std::vector<v1::Container>> List(const v1::ContainerFilter& filter = {},
                                                  const CallOptions& options = {}) const;
  absl::StatusOr<v1::ListContainersResponse> ListPage(const v1::ListContainersRequest& request,
                                                      const CallOptions& options = {}) const;

  absl::StatusOr<v1::Container> Start(const std::string& id, const CallOptions& options = {}) const;
  absl::StatusOr<v1::Container> Pause(const std::string& id, const CallOptions& options = {}) const;
  absl::StatusOr<v1::Container> Resume(const std::string& id,
                                       const CallOptions& options = {}) const;

  // The answer says whether the container has exited already or will; see Wait.
  absl::StatusOr<v1::ShutdownContainerResponse> Shutdown(const std::string& id,
                                                         const CallOptions& options = {}) const;
  absl::StatusOr<v1::TerminateContainerResponse> Terminate(const std::string& id,
                                                           const CallOptions& options = {}) const;

  // Nothing when `timeout` ran out and the container has not exited.
  absl::StatusOr<std::optional<v1::ContainerExit>> Wait(
      const std::string& id, absl::Duration timeout = absl::InfiniteDuration(),
      const CallOptions& options = {}) const;

  absl::Status Close(const std::string& id, const CallOptions& options = {}) const;
  absl::Status Modify(v1::ModifyContainerRequest request, const CallOptions& options = {}) const;

  absl::StatusOr<v1::GetContainerPropertiesResponse> GetProperties(
      const v1::GetContainerPropertiesRequest& request, const CallOptions& options = {}) const;
  absl::StatusOr<v1::Statistics> GetStatistics(const std::string& id,
                                               const CallOptions& options = {}) const;
  // One message at once, then one every `interval`, of 100 ms to 1 h.
  std::unique_ptr<StatisticsStream> WatchStatistics(const std::string& id, absl::Duration interval,
                                                    const CallOptions& options = {}) const;
  absl::StatusOr<bool> HasPendingUpdates(const std::string& id,
                                         const CallOptions& options = {}) const;

 private:
  std::shared_ptr<Connection> connection_;
};

}  // namespace hcs::client

#endif  // HCS_CLIENT_HCS_CLIENT_CONTAINERS_H_
