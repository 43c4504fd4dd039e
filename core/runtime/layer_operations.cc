#include "core/runtime/layer_operations.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/document/document.h"
#include "core/document/invalid_field.h"
#include "core/host/host_error.h"
#include "core/runtime/layer_chain.h"
#include "core/runtime/layer_records.h"
#include "core/runtime/layer_requests.h"
#include "core/runtime/layer_view.h"
#include "core/runtime/layer_work.h"
#include "core/runtime/page_token.h"

namespace hcs::runtime {
namespace {

using host::LayerAddress;

// What only one call of the host at a time may do: no path is called that.
constexpr char kPrepareKey[] = "*prepare";

// The answer of a call that leaves the layer changed.
template <typename Response>
absl::StatusOr<Response> Describing(Services& services, const LayerAddress& layer) {
  absl::StatusOr<v1::LayerInfo> described =
      LayerView(services).Describe(layer, {.size = false, .users = false});
  if (!described.ok()) return described.status();
  Response response;
  *response.mutable_layer() = *std::move(described);
  return response;
}

// A change of one layer, which `change(const host::Layers&, const LayerAddress&)` makes
// in the host, `record(path)` remembers, and an event tells.
template <typename Request, typename Response, typename Change, typename Record>
void ChangeOne(Services& services, const Request& request, const CallContext& context,
               Done<Response> done, LayerClaim claim, v1::EventType event, Change change,
               Record record) {
  ChangeLayer<Request, Response>(
      services, request, context, std::move(done), std::move(claim),
      [&services, layer = LayerAddress{request.home_folder(), request.id()}, event,
       change = std::move(change), record = std::move(record)]() -> absl::StatusOr<Response> {
        absl::Status changed = change(services.host.layers(), layer);
        if (!changed.ok()) return changed;
        record(layer.path());
        AppendLayerEvent(services, event, layer.path());
        return Describing<Response>(services, layer);
      });
}

// One that needs nothing but the layer's name, and leaves it in `state`.
template <typename Request, typename Response>
void ChangeState(Services& services, const Request& request, const CallContext& context,
                 Done<Response> done, std::string_view operation, v1::EventType event,
                 v1::LayerState state,
                 absl::Status (host::Layers::*change)(const LayerAddress&) const) {
  const auto layer = AddressIn(request);
  if (!layer.ok()) return std::move(done)(layer.status());
  ChangeOne(
      services, request, context, std::move(done), ClaimOf(operation, layer->path()), event,
      [change](const host::Layers& layers, const LayerAddress& layer) {
        return (layers.*change)(layer);
      },
      [&services, state](const std::string& path) { RecordLayerState(services, path, state); });
}

// A parent and its own parents.
std::vector<std::string> ChainThrough(const std::string& parent) {
  std::vector<std::string> chain{parent};
  if (auto rest = ReadLayerChain(parent)) chain.insert(chain.end(), rest->begin(), rest->end());
  return chain;
}

// An operation on an image's folder that leaves nothing to tell.
template <typename Request, typename Response>
void ProcessImage(Services& services, const Request& request, const CallContext& context,
                  Done<Response> done, std::string_view operation,
                  absl::Status (host::Layers::*process)(std::string_view) const) {
  if (absl::Status valid = CheckLayerPath("path", request.path()); !valid.ok()) {
    return std::move(done)(std::move(valid));
  }
  ChangeLayer<Request, Response>(
      services, request, context, std::move(done), ClaimOf(operation, request.path()),
      [&services, path = request.path(), process]() -> absl::StatusOr<Response> {
        absl::Status processed = (services.host.layers().*process)(path);
        if (!processed.ok()) return processed;
        return Response();
      });
}

}  // namespace

void LayerOperations::Create(const v1::CreateLayerRequest& request, CallContext context,
                             Done<v1::CreateLayerResponse> done) {
  const auto layer = AddressIn(request);
  if (!layer.ok()) return std::move(done)(layer.status());
  std::vector<std::string> parents;
  if (!request.parent().empty()) {
    const auto parent = CheckedAddress(request.home_folder(), request.parent());
    if (!parent.ok()) {
      return std::move(done)(document::InvalidField("parent", "must name a layer as id does"));
    }
    parents.push_back(parent->path());
  }
  LayerClaim claim = ClaimOf("CreateLayer", layer->path(), parents);
  ChangeOne(
      services_, request, context, std::move(done), std::move(claim), v1::EVENT_TYPE_LAYER_CREATED,
      [parent = request.parent()](const host::Layers& layers, const LayerAddress& layer) {
        return layers.Create(layer, parent);
      },
      [&services = services_, parents](const std::string& path) {
        RecordLayer(services, path, v1::LAYER_KIND_READ_ONLY,
                    parents.empty() ? parents : ChainThrough(parents.front()));
      });
}

void LayerOperations::CreateSandbox(const v1::CreateSandboxLayerRequest& request,
                                    CallContext context,
                                    Done<v1::CreateSandboxLayerResponse> done) {
  const auto layer = AddressIn(request);
  if (!layer.ok()) return std::move(done)(layer.status());
  const auto parents = CheckedParents(request.parents(), 1);
  if (!parents.ok()) return std::move(done)(parents.status());
  ChangeOne(
      services_, request, context, std::move(done),
      ClaimOf("CreateSandboxLayer", layer->path(), *parents), v1::EVENT_TYPE_LAYER_CREATED,
      [parents = *parents](const host::Layers& layers, const LayerAddress& layer) {
        return layers.CreateSandbox(layer, parents);
      },
      [&services = services_, parents = *parents](const std::string& path) {
        RecordLayer(services, path, v1::LAYER_KIND_SANDBOX, parents);
      });
}

void LayerOperations::Get(const v1::GetLayerRequest& request, CallContext /*context*/,
                          Done<v1::GetLayerResponse> done) {
  auto layer = AddressIn(request);
  if (!layer.ok()) return std::move(done)(layer.status());
  AskOfLayers(services_, std::move(done),
              [&services = services_, layer = *std::move(layer),
               with_size = request.with_size()]() -> absl::StatusOr<v1::GetLayerResponse> {
                auto described = LayerView(services, FolderAround(layer))
                                     .Describe(layer, {.size = with_size, .users = true});
                if (!described.ok()) return described.status();
                v1::GetLayerResponse response;
                *response.mutable_layer() = *std::move(described);
                return response;
              });
}

void LayerOperations::List(const v1::ListLayersRequest& request, CallContext /*context*/,
                           Done<v1::ListLayersResponse> done) {
  const std::string list = absl::StrCat("layers:", request.home_folder());
  absl::Status valid = CheckLayerPath("home_folder", request.home_folder());
  const absl::StatusOr<size_t> limit = PageSize(request.page_size());
  if (valid.ok()) valid = limit.status();
  const absl::StatusOr<std::string> after = DecodePageToken(list, request.page_token());
  if (valid.ok()) valid = after.status();
  if (!valid.ok()) return std::move(done)(std::move(valid));
  AskOfLayers(
      services_, std::move(done),
      [&services = services_, list, limit = *limit, after = *after, home = request.home_folder(),
       size = request.with_size()]() -> absl::StatusOr<v1::ListLayersResponse> {
        const auto names = NamesIn(home);
        if (!names.ok()) return names.status();
        LayerView view(services, home);
        v1::ListLayersResponse response;
        for (const std::string& name : *names) {
          if (name <= after) continue;
          auto layer = view.Describe({home, name}, {.size = size, .users = true});
          if (absl::IsNotFound(layer.status())) continue;
          if (!layer.ok()) return layer.status();
          if (response.layers_size() == static_cast<int>(limit)) {
            const std::string& last = response.layers(response.layers_size() - 1).id();
            response.set_next_page_token(EncodePageToken(list, last));
            break;
          }
          *response.add_layers() = *std::move(layer);
        }
        return response;
      });
}

void LayerOperations::Exists(const v1::LayerExistsRequest& request, CallContext /*context*/,
                             Done<v1::LayerExistsResponse> done) {
  auto layer = AddressIn(request);
  if (!layer.ok()) return std::move(done)(layer.status());
  AskOfLayers(services_, std::move(done),
              [&services = services_,
               layer = *std::move(layer)]() -> absl::StatusOr<v1::LayerExistsResponse> {
                const auto exists = services.host.layers().Exists(layer);
                if (!exists.ok()) return exists.status();
                v1::LayerExistsResponse response;
                response.set_exists(*exists);
                return response;
              });
}

void LayerOperations::Activate(const v1::ActivateLayerRequest& request, CallContext context,
                               Done<v1::ActivateLayerResponse> done) {
  ChangeState(services_, request, context, std::move(done), "ActivateLayer",
              v1::EVENT_TYPE_LAYER_ACTIVATED, v1::LAYER_STATE_ACTIVE, &host::Layers::Activate);
}

void LayerOperations::Deactivate(const v1::DeactivateLayerRequest& request, CallContext context,
                                 Done<v1::DeactivateLayerResponse> done) {
  ChangeState(services_, request, context, std::move(done), "DeactivateLayer",
              v1::EVENT_TYPE_LAYER_DEACTIVATED, v1::LAYER_STATE_INACTIVE,
              &host::Layers::Deactivate);
}

void LayerOperations::Prepare(const v1::PrepareLayerRequest& request, CallContext context,
                              Done<v1::PrepareLayerResponse> done) {
  const auto layer = AddressIn(request);
  if (!layer.ok()) return std::move(done)(layer.status());
  const auto parents = CheckedParents(request.parents(), 1);
  if (!parents.ok()) return std::move(done)(parents.status());
  LayerClaim claim = ClaimOf("PrepareLayer", layer->path(), *parents);
  claim.keys.push_back({.key = kPrepareKey, .exclusive = true});
  ChangeOne(
      services_, request, context, std::move(done), std::move(claim), v1::EVENT_TYPE_LAYER_PREPARED,
      [parents = *parents](const host::Layers& layers, const LayerAddress& layer) {
        return layers.Prepare(layer, parents);
      },
      [&services = services_, parents = *parents](const std::string& path) {
        RecordLayer(services, path, v1::LAYER_KIND_SANDBOX, parents);
        RecordLayerState(services, path, v1::LAYER_STATE_PREPARED);
      });
}

void LayerOperations::Unprepare(const v1::UnprepareLayerRequest& request, CallContext context,
                                Done<v1::UnprepareLayerResponse> done) {
  ChangeState(services_, request, context, std::move(done), "UnprepareLayer",
              v1::EVENT_TYPE_LAYER_UNPREPARED, v1::LAYER_STATE_ACTIVE, &host::Layers::Unprepare);
}

void LayerOperations::GetMountPath(const v1::GetLayerMountPathRequest& request,
                                   CallContext /*context*/,
                                   Done<v1::GetLayerMountPathResponse> done) {
  auto layer = AddressIn(request);
  if (!layer.ok()) return std::move(done)(layer.status());
  AskOfLayers(services_, std::move(done),
              [&services = services_,
               layer = *std::move(layer)]() -> absl::StatusOr<v1::GetLayerMountPathResponse> {
                auto path = services.host.layers().GetMountPath(layer);
                if (!path.ok()) return path.status();
                v1::GetLayerMountPathResponse response;
                response.set_mount_path(*std::move(path));
                return response;
              });
}

void LayerOperations::ExpandSandboxSize(const v1::ExpandSandboxSizeRequest& request,
                                        CallContext context,
                                        Done<v1::ExpandSandboxSizeResponse> done) {
  const auto layer = AddressIn(request);
  if (!layer.ok()) return std::move(done)(layer.status());
  if (request.size_bytes() == 0) {
    return std::move(done)(document::InvalidField("size_bytes", "must not be 0"));
  }
  ChangeOne(
      services_, request, context, std::move(done), ClaimOf("ExpandSandboxSize", layer->path()),
      v1::EVENT_TYPE_LAYER_EXPANDED,
      [size = request.size_bytes()](const host::Layers& layers, const LayerAddress& layer) {
        return layers.ExpandSandbox(layer, size);
      },
      [](const std::string&) {});
}

void LayerOperations::Destroy(const v1::DestroyLayerRequest& request, CallContext context,
                              Done<v1::DestroyLayerResponse> done) {
  auto address = AddressIn(request);
  if (!address.ok()) return std::move(done)(address.status());
  LayerClaim claim = ClaimOf("DestroyLayer", address->path());
  ChangeLayer<v1::DestroyLayerRequest, v1::DestroyLayerResponse>(
      services_, request, context, std::move(done), std::move(claim),
      [&services = services_,
       address = *std::move(address)]() -> absl::StatusOr<v1::DestroyLayerResponse> {
        const auto layer = LayerView(services, FolderAround(address))
                               .Describe(address, {.size = false, .users = true});
        // What a destruction that was interrupted has left is no layer, and goes as well.
        if (!layer.ok() && !absl::IsNotFound(layer.status())) return layer.status();
        absl::Status status = layer.ok() ? LayerView::CheckUnused(*layer) : absl::OkStatus();
        if (status.ok()) status = services.host.layers().Destroy(address);
        if (!status.ok()) return status;
        services.layer_ledger->Forget(address.path());
        if (layer.ok()) {
          AppendLayerEvent(services, v1::EVENT_TYPE_LAYER_DESTROYED, address.path());
        }
        return v1::DestroyLayerResponse();
      });
}

void LayerOperations::ImportFolder(const v1::ImportLayerFolderRequest& request, CallContext context,
                                   Done<v1::ImportLayerFolderResponse> done) {
  const auto layer = AddressIn(request);
  if (!layer.ok()) return std::move(done)(layer.status());
  const auto parents = CheckedParents(request.parents(), 0);
  if (!parents.ok()) return std::move(done)(parents.status());
  if (absl::Status valid = CheckLayerPath("folder", request.folder()); !valid.ok()) {
    return std::move(done)(std::move(valid));
  }
  ChangeOne(
      services_, request, context, std::move(done), ClaimOf("ImportLayer", layer->path(), *parents),
      v1::EVENT_TYPE_LAYER_IMPORTED,
      [folder = request.folder(), parents = *parents](const host::Layers& layers,
                                                      const LayerAddress& layer) {
        return layers.Import(layer, folder, parents);
      },
      [&services = services_, parents = *parents](const std::string& path) {
        RecordLayer(services, path, v1::LAYER_KIND_READ_ONLY, parents);
      });
}

void LayerOperations::ExportFolder(const v1::ExportLayerFolderRequest& request, CallContext context,
                                   Done<v1::ExportLayerFolderResponse> done) {
  auto layer = AddressIn(request);
  if (!layer.ok()) return std::move(done)(layer.status());
  auto parents = CheckedParents(request.parents(), 0);
  if (!parents.ok()) return std::move(done)(parents.status());
  if (absl::Status valid = CheckLayerPath("folder", request.folder()); !valid.ok()) {
    return std::move(done)(std::move(valid));
  }
  LayerClaim claim = ClaimOf("ExportLayer", layer->path(), *parents);
  ChangeLayer<v1::ExportLayerFolderRequest, v1::ExportLayerFolderResponse>(
      services_, request, context, std::move(done), std::move(claim),
      [&services = services_, layer = *std::move(layer), folder = request.folder(),
       parents = *std::move(parents)]() -> absl::StatusOr<v1::ExportLayerFolderResponse> {
        absl::Status exported = services.host.layers().Export(layer, folder, parents);
        if (!exported.ok()) return exported;
        return v1::ExportLayerFolderResponse();
      });
}

void LayerOperations::ProcessBase(const v1::ProcessBaseLayerRequest& request, CallContext context,
                                  Done<v1::ProcessBaseLayerResponse> done) {
  ProcessImage(services_, request, context, std::move(done), "ProcessBaseImage",
               &host::Layers::ProcessBaseImage);
}

void LayerOperations::ProcessUtilityVmImage(const v1::ProcessUtilityVMImageRequest& request,
                                            CallContext context,
                                            Done<v1::ProcessUtilityVMImageResponse> done) {
  ProcessImage(services_, request, context, std::move(done), "ProcessUtilityImage",
               &host::Layers::ProcessUtilityImage);
}

void LayerOperations::GetSharedBaseImages(const v1::GetSharedBaseImagesRequest& /*request*/,
                                          CallContext /*context*/,
                                          Done<v1::GetSharedBaseImagesResponse> done) {
  AskOfLayers(services_, std::move(done),
              [&services = services_]() -> absl::StatusOr<v1::GetSharedBaseImagesResponse> {
                auto document = services.host.layers().GetBaseImages();
                if (!document.ok()) return document.status();
                v1::SharedBaseImages images;
                if (absl::Status read = document::FromJson(*document, &images); !read.ok()) {
                  return host::MakeOwnStatus(host::OwnError::kUnexpectedValue,
                                             {"GetBaseImages", ""}, std::string(read.message()));
                }
                v1::GetSharedBaseImagesResponse response;
                response.mutable_images()->Swap(images.mutable_images());
                response.set_raw_document(*std::move(document));
                return response;
              });
}

void LayerOperations::NameToGuid(const v1::NameToGuidRequest& request, CallContext /*context*/,
                                 Done<v1::NameToGuidResponse> done) {
  AskOfLayers(
      services_, std::move(done),
      [&services = services_, name = request.name()]() -> absl::StatusOr<v1::NameToGuidResponse> {
        auto guid = services.host.layers().NameToGuid(name);
        if (!guid.ok()) return guid.status();
        v1::NameToGuidResponse response;
        response.set_guid(*std::move(guid));
        return response;
      });
}

}  // namespace hcs::runtime
