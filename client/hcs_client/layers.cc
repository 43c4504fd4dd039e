#include "client/hcs_client/layers.h"

#include "client/hcs_client/connection.h"
#include "client/hcs_client/grpc_message_stream.h"
#include "hcs/v1/layer_service.grpc.pb.h"

namespace hcs::client {
namespace {

using Stub = v1::LayerService::Stub;

constexpr int kPageSize = 1000;

template <typename Request>
Request Named(const LayerName& layer) {
  Request request;
  request.set_home_folder(layer.home_folder);
  request.set_id(layer.id);
  return request;
}

template <typename Request>
void AddParents(const std::vector<std::string>& parents, Request* request) {
  request->mutable_parents()->Assign(parents.begin(), parents.end());
}

// A call that changes a layer, and answers with it.
template <typename Request, typename Response>
absl::StatusOr<v1::LayerInfo> Change(Connection& connection,
                                     grpc::Status (Stub::*method)(grpc::ClientContext*,
                                                                  const Request&, Response*),
                                     Request request, const CallOptions& options) {
  request.set_request_id(options.request_id);
  auto response = Call(connection.layers, method, request, options);
  if (!response.ok()) return response.status();
  return std::move(*response->mutable_layer());
}

// Sends spec, what `next` fills messages with until it says that there is no more, and done.
// A write that fails means that the daemon has answered: that is told in the end.
absl::StatusOr<v1::ImportLayerResponse> SendLayer(
    Connection& connection, const v1::ImportLayerSpec& spec, const CallOptions& options,
    const std::function<absl::StatusOr<bool>(v1::ImportLayerRequest*)>& next) {
  grpc::ClientContext context;
  Apply(options, context);
  v1::ImportLayerResponse response;
  const auto writer = connection.layers.ImportLayer(&context, &response);
  v1::ImportLayerRequest message;
  *message.mutable_spec() = spec;
  if (spec.request_id().empty()) message.mutable_spec()->set_request_id(options.request_id);
  while (writer->Write(message)) {
    message.Clear();
    const auto more = next(&message);
    if (!more.ok()) {
      context.TryCancel();
      writer->Finish();
      return more.status();
    }
    if (*more) continue;
    message.mutable_done();
    writer->Write(message);
    break;
  }
  writer->WritesDone();
  const grpc::Status status = writer->Finish();
  if (!status.ok()) return ToAbslStatus(status);
  return response;
}

}  // namespace

absl::StatusOr<v1::LayerInfo> Layers::Create(const LayerName& layer, const std::string& parent,
                                             const CallOptions& options) const {
  auto request = Named<v1::CreateLayerRequest>(layer);
  request.set_parent(parent);
  return Change(*connection_, &Stub::CreateLayer, request, options);
}

absl::StatusOr<v1::LayerInfo> Layers::CreateSandbox(const LayerName& layer,
                                                    const std::vector<std::string>& parents,
                                                    const CallOptions& options) const {
  auto request = Named<v1::CreateSandboxLayerRequest>(layer);
  AddParents(parents, &request);
  return Change(*connection_, &Stub::CreateSandboxLayer, request, options);
}

absl::StatusOr<v1::LayerInfo> Layers::Get(const LayerName& layer, bool with_size,
                                          const CallOptions& options) const {
  auto request = Named<v1::GetLayerRequest>(layer);
  request.set_with_size(with_size);
  auto response = Call(connection_->layers, &Stub::GetLayer, request, options);
  if (!response.ok()) return response.status();
  return std::move(*response->mutable_layer());
}

absl::StatusOr<std::vector<v1::LayerInfo>> Layers::List(const std::string& home_folder,
                                                        bool with_size,
                                                        const CallOptions& options) const {
  v1::ListLayersRequest request;
  request.set_home_folder(home_folder);
  request.set_with_size(with_size);
  request.set_page_size(kPageSize);
  std::vector<v1::LayerInfo> layers;
  do {
    auto page = Call(connection_->layers, &Stub::ListLayers, request, options);
    if (!page.ok()) return page.status();
    for (auto& layer : *page->mutable_layers()) layers.push_back(std::move(layer));
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  return layers;
}

absl::StatusOr<v1::LayerInfo> Layers::Activate(const LayerName& layer,
                                               const CallOptions& options) const {
  return Change(*connection_, &Stub::ActivateLayer, Named<v1::ActivateLayerRequest>(layer),
                options);
}

absl::StatusOr<v1::LayerInfo> Layers::Deactivate(const LayerName& layer,
                                                 const CallOptions& options) const {
  return Change(*connection_, &Stub::DeactivateLayer, Named<v1::DeactivateLayerRequest>(layer),
                options);
}

absl::StatusOr<v1::LayerInfo> Layers::Prepare(const LayerName& layer,
                                              const std::vector<std::string>& parents,
                                              const CallOptions& options) const {
  auto request = Named<v1::PrepareLayerRequest>(layer);
  AddParents(parents, &request);
  return Change(*connection_, &Stub::PrepareLayer, request, options);
}

absl::StatusOr<v1::LayerInfo> Layers::Unprepare(const LayerName& layer,
                                                const CallOptions& options) const {
  return Change(*connection_, &Stub::UnprepareLayer, Named<v1::UnprepareLayerRequest>(layer),
                options);
}

absl::StatusOr<std::string> Layers::GetMountPath(const LayerName& layer,
                                                 const CallOptions& options) const {
  auto response = Call(connection_->layers, &Stub::GetLayerMountPath,
                       Named<v1::GetLayerMountPathRequest>(layer), options);
  if (!response.ok()) return response.status();
  return std::move(*response->mutable_mount_path());
}

absl::StatusOr<v1::LayerInfo> Layers::ExpandSandbox(const LayerName& layer, uint64_t size_bytes,
                                                    const CallOptions& options) const {
  auto request = Named<v1::ExpandSandboxSizeRequest>(layer);
  request.set_size_bytes(size_bytes);
  return Change(*connection_, &Stub::ExpandSandboxSize, request, options);
}

absl::Status Layers::Destroy(const LayerName& layer, const CallOptions& options) const {
  auto request = Named<v1::DestroyLayerRequest>(layer);
  request.set_request_id(options.request_id);
  return Call(connection_->layers, &Stub::DestroyLayer, request, options).status();
}

absl::StatusOr<std::string> Layers::NameToGuid(const std::string& name,
                                               const CallOptions& options) const {
  v1::NameToGuidRequest request;
  request.set_name(name);
  auto response = Call(connection_->layers, &Stub::NameToGuid, request, options);
  if (!response.ok()) return response.status();
  return std::move(*response->mutable_guid());
}

absl::StatusOr<v1::ImportLayerResponse> Layers::Import(const v1::ImportLayerSpec& spec,
                                                       const Source& source,
                                                       const CallOptions& options) const {
  return SendLayer(*connection_, spec, options,
                   [&source](v1::ImportLayerRequest* message) -> absl::StatusOr<bool> {
                     auto bytes = source();
                     if (!bytes.ok()) return bytes.status();
                     if (bytes->empty()) return false;
                     message->set_tar(*std::move(bytes));
                     return true;
                   });
}

absl::StatusOr<v1::ImportLayerResponse> Layers::Import(const v1::ImportLayerSpec& spec,
                                                       const ContentSource& source,
                                                       const CallOptions& options) const {
  return SendLayer(*connection_, spec, options,
                   [&source](v1::ImportLayerRequest* message) -> absl::StatusOr<bool> {
                     auto content = source();
                     if (!content.ok()) return content.status();
                     if (content->parts().empty()) return false;
                     *message->mutable_content() = *std::move(content);
                     return true;
                   });
}

std::unique_ptr<LayerExportStream> Layers::Export(const v1::ExportLayerRequest& request,
                                                  const CallOptions& options) const {
  return std::make_unique<GrpcMessageStream<v1::ExportLayerResponse>>(
      connection_, options, [&](grpc::ClientContext* context) {
        return connection_->layers.ExportLayer(context, request);
      });
}

}  // namespace hcs::client
