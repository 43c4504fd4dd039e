// The layer calls of the contract, over the host. One method per method of
// hcs.v1.LayerService; the documentation of each, errors included, is there.
//
// Every method may be called from any thread, returns at once and answers through `done`.
// Requests are read before the method returns.

#ifndef HCS_CORE_RUNTIME_LAYER_OPERATIONS_H_
#define HCS_CORE_RUNTIME_LAYER_OPERATIONS_H_

#include "core/runtime/call.h"
#include "hcs/v1/layer_service.pb.h"

namespace hcs::runtime {

struct Services;

class LayerOperations {
 public:
  // `services` must outlive this and every call.
  explicit LayerOperations(Services& services) : services_(services) {}

  void Create(const v1::CreateLayerRequest& request, CallContext context,
              Done<v1::CreateLayerResponse> done);
  void CreateSandbox(const v1::CreateSandboxLayerRequest& request, CallContext context,
                     Done<v1::CreateSandboxLayerResponse> done);
  void Get(const v1::GetLayerRequest& request, CallContext context,
           Done<v1::GetLayerResponse> done);
  void List(const v1::ListLayersRequest& request, CallContext context,
            Done<v1::ListLayersResponse> done);
  void Exists(const v1::LayerExistsRequest& request, CallContext context,
              Done<v1::LayerExistsResponse> done);
  void Activate(const v1::ActivateLayerRequest& request, CallContext context,
                Done<v1::ActivateLayerResponse> done);
  void Deactivate(const v1::DeactivateLayerRequest& request, CallContext context,
                  Done<v1::DeactivateLayerResponse> done);
  void Prepare(const v1::PrepareLayerRequest& request, CallContext context,
               Done<v1::PrepareLayerResponse> done);
  void Unprepare(const v1::UnprepareLayerRequest& request, CallContext context,
                 Done<v1::UnprepareLayerResponse> done);
  void GetMountPath(const v1::GetLayerMountPathRequest& request, CallContext context,
                    Done<v1::GetLayerMountPathResponse> done);
  void ExpandSandboxSize(const v1::ExpandSandboxSizeRequest& request, CallContext context,
                         Done<v1::ExpandSandboxSizeResponse> done);
  void Destroy(const v1::DestroyLayerRequest& request, CallContext context,
               Done<v1::DestroyLayerResponse> done);
  void ImportFolder(const v1::ImportLayerFolderRequest& request, CallContext context,
                    Done<v1::ImportLayerFolderResponse> done);
  void ExportFolder(const v1::ExportLayerFolderRequest& request, CallContext context,
                    Done<v1::ExportLayerFolderResponse> done);
  void ProcessBase(const v1::ProcessBaseLayerRequest& request, CallContext context,
                   Done<v1::ProcessBaseLayerResponse> done);
  void ProcessUtilityVmImage(const v1::ProcessUtilityVMImageRequest& request, CallContext context,
                             Done<v1::ProcessUtilityVMImageResponse> done);
  void GetSharedBaseImages(const v1::GetSharedBaseImagesRequest& request, CallContext context,
                           Done<v1::GetSharedBaseImagesResponse> done);
  void NameToGuid(const v1::NameToGuidRequest& request, CallContext context,
                  Done<v1::NameToGuidResponse> done);

 private:
  Services& services_;
};

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_LAYER_OPERATIONS_H_
