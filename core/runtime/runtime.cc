#include "core/runtime/runtime.h"

#include <utility>

#include "core/runtime/image_layers.h"
#include "core/runtime/recovery.h"
#include "core/runtime/services.h"

namespace hcs::runtime {

absl::StatusOr<std::unique_ptr<Runtime>> Runtime::Create(const abi::HcsFunctionTable& table,
                                                         RuntimeOptions options) {
  absl::StatusOr<std::unique_ptr<StateStore>> store =
      StateStore::Open(options.state_directory, options.report);
  if (!store.ok()) return store.status();
  absl::StatusOr<std::unique_ptr<LayerLedger>> layers =
      LayerLedger::Open(options.state_directory, options.report);
  if (!layers.ok()) return layers.status();
  absl::StatusOr<std::unique_ptr<LayerScratch>> scratch =
      LayerScratch::Open(options.state_directory);
  if (!scratch.ok()) return scratch.status();
  absl::StatusOr<std::unique_ptr<ImageStore>> images =
      ImageStore::Open(options.state_directory, options.report);
  if (!images.ok()) return images.status();
  auto services =
      std::make_unique<Services>(table, std::move(options), *std::move(store), *std::move(layers),
                                 *std::move(scratch), *std::move(images));
  RecoverLayers(*services);
  RecoverImageLayers(*services);
  Recover(*services);
  return std::unique_ptr<Runtime>(new Runtime(std::move(services)));
}

Runtime::Runtime(std::unique_ptr<Services> services)
    : services_(std::move(services)),
      containers_(*services_),
      processes_(*services_),
      host_(*services_),
      layers_(*services_),
      images_(*services_) {}

Runtime::~Runtime() = default;

ContainerOperations& Runtime::containers() { return containers_; }
ProcessOperations& Runtime::processes() { return processes_; }
HostOperations& Runtime::host() { return host_; }
LayerOperations& Runtime::layers() { return layers_; }
ImageOperations& Runtime::images() { return images_; }
EventJournal& Runtime::events() { return services_->journal; }

std::shared_ptr<ProcessSession> Runtime::NewSession(CallContext context,
                                                    absl::AnyInvocable<void()> wake) {
  return NewProcessSession(*services_, std::move(context), std::move(wake));
}

std::shared_ptr<ImageImport> Runtime::NewImageImport(CallContext context,
                                                     absl::AnyInvocable<void()> wake) {
  return ImageImport::New(*services_, std::move(context), std::move(wake));
}

std::shared_ptr<ImageExport> Runtime::NewImageExport(CallContext context,
                                                     absl::AnyInvocable<void()> wake) {
  return ImageExport::New(*services_, std::move(context), std::move(wake));
}

std::shared_ptr<LayerImportSession> Runtime::NewLayerImport(CallContext context,
                                                            absl::AnyInvocable<void()> accepted,
                                                            Done<v1::ImportLayerResponse> done) {
  return LayerImportSession::Make(*services_, std::move(context), std::move(accepted),
                                  std::move(done));
}

std::shared_ptr<LayerExportSession> Runtime::NewLayerExport(CallContext context,
                                                            absl::AnyInvocable<void()> wake) {
  return LayerExportSession::Make(*services_, std::move(context), std::move(wake));
}

}  // namespace hcs::runtime
