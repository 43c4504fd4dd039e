// The container calls of the contract, over the host. One method per method of
// hcs.v1.ContainerService; the documentation of each, errors included, is there.
//
// Every method may be called from any thread, returns at once and answers
// through `done`. Requests are read before the method returns.

#ifndef HCS_CORE_RUNTIME_CONTAINER_OPERATIONS_H_
#define HCS_CORE_RUNTIME_CONTAINER_OPERATIONS_H_

#include <memory>

#include "absl/status/statusor.h"
#include "core/runtime/call.h"
#include "core/runtime/statistics_sampler.h"
#include "hcs/v1/container_service.pb.h"

namespace hcs::runtime {

struct Services;

class ContainerOperations {
 public:
  // `services` must outlive this and every call.
  explicit ContainerOperations(Services& services) : services_(services) {}

  void Create(const v1::CreateContainerRequest& request, CallContext context,
              Done<v1::CreateContainerResponse> done);
  void Open(const v1::OpenContainerRequest& request, CallContext context,
            Done<v1::OpenContainerResponse> done);
  void Get(const v1::GetContainerRequest& request, CallContext context,
           Done<v1::GetContainerResponse> done);
  void List(const v1::ListContainersRequest& request, CallContext context,
            Done<v1::ListContainersResponse> done);
  void Start(const v1::StartContainerRequest& request, CallContext context,
             Done<v1::StartContainerResponse> done);
  void Shutdown(const v1::ShutdownContainerRequest& request, CallContext context,
                Done<v1::ShutdownContainerResponse> done);
  void Terminate(const v1::TerminateContainerRequest& request, CallContext context,
                 Done<v1::TerminateContainerResponse> done);
  void Pause(const v1::PauseContainerRequest& request, CallContext context,
             Done<v1::PauseContainerResponse> done);
  void Resume(const v1::ResumeContainerRequest& request, CallContext context,
              Done<v1::ResumeContainerResponse> done);
  void Wait(const v1::WaitContainerRequest& request, CallContext context,
            Done<v1::WaitContainerResponse> done);
  void Close(const v1::CloseContainerRequest& request, CallContext context,
             Done<v1::CloseContainerResponse> done);
  void Modify(const v1::ModifyContainerRequest& request, CallContext context,
              Done<v1::ModifyContainerResponse> done);
  void GetProperties(const v1::GetContainerPropertiesRequest& request, CallContext context,
                     Done<v1::GetContainerPropertiesResponse> done);
  void GetStatistics(const v1::GetContainerStatisticsRequest& request, CallContext context,
                     Done<v1::GetContainerStatisticsResponse> done);
  void HasPendingUpdates(const v1::HasPendingUpdatesRequest& request, CallContext context,
                         Done<v1::HasPendingUpdatesResponse> done);

  // The stream of WatchContainerStatistics: see StatisticsWatch. `wake` is
  // described there.
  absl::StatusOr<std::unique_ptr<StatisticsWatch>> WatchStatistics(
      const v1::WatchContainerStatisticsRequest& request, absl::AnyInvocable<void()> wake);

 private:
  Services& services_;
};

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_CONTAINER_OPERATIONS_H_
