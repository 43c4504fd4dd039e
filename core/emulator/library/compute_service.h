// What the functions of the table do, with strings in UTF-8 and outcomes instead of
// out parameters.

#ifndef HCS_CORE_EMULATOR_LIBRARY_COMPUTE_SERVICE_H_
#define HCS_CORE_EMULATOR_LIBRARY_COMPUTE_SERVICE_H_

#include <cstdint>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/abi/vmcompute.h"
#include "core/emulator/layers/layer_service.h"
#include "core/emulator/library/handles.h"
#include "core/emulator/library/layer_contexts.h"
#include "core/emulator/library/notifier.h"
#include "core/emulator/library/reactor.h"
#include "core/emulator/library/system_directory.h"
#include "core/emulator/network/hns_service.h"
#include "core/emulator/outcome.h"

namespace hcs::emulator {

// Thread-safe.
class ComputeService {
 public:
  struct Options {
    std::string worker_path;
    uint32_t build_number = 0;
    size_t callback_threads = 0;
    std::string state_folder;
    IsolationSetting isolation = IsolationSetting::kAuto;
  };

  ComputeService(SystemsFolder folder, const Options& options);
  ~ComputeService();

  // Opens the network service, if the build has one. To be called once, before the
  // service is used.
  Status OpenNetworks();

  // nullptr when the build has none.
  hns::HnsService* networks() { return networks_.get(); }

  uint32_t build_number() const { return build_number_; }
  const std::string& state_folder() const { return state_folder_; }
  LayerService& layers() { return layers_; }
  LayerContexts<LayerImport>& imports() { return imports_; }
  LayerContexts<LayerExport>& exports() { return exports_; }
  const HostIsolation& Isolation() { return directory_.Isolation(); }

  // The service that the table's functions use; nullptr when there is no host.
  static std::shared_ptr<ComputeService> Active();

  // False when another one is in use.
  static bool Activate(std::shared_ptr<ComputeService> service);

  // Ends the active one: calls under way return with an error, and its threads have
  // ended when this returns.
  static void Deactivate();

  Outcome<std::string> EnumerateSystems(const std::string& query);
  Outcome<HandleNumber> CreateSystem(std::u16string_view id, std::string configuration);
  Outcome<HandleNumber> OpenSystem(std::u16string_view id);
  Status CloseSystem(HandleNumber system);

  // One of the methods of channel/protocol.h that take a document and answer with one
  // or none.
  Outcome<std::string> CallSystem(HandleNumber system, const char* method, std::string document);
  Outcome<std::string> CallProcess(HandleNumber process, const char* method, std::string document);

  // `information` is optional.
  Outcome<HandleNumber> CreateProcess(HandleNumber system, std::string parameters,
                                      abi::HcsProcessInformation* information);
  Outcome<HandleNumber> OpenProcess(HandleNumber system, uint32_t process_id);
  Status GetProcessInformation(HandleNumber process, abi::HcsProcessInformation* information);
  Status CloseProcess(HandleNumber process);

  Outcome<HandleNumber> RegisterSystem(HandleNumber system, abi::HcsNotificationCallback callback,
                                       void* context);
  Outcome<HandleNumber> RegisterProcess(HandleNumber process, abi::HcsNotificationCallback callback,
                                        void* context);
  Status Unregister(HandleNumber callback, bool of_process);

  void Disconnect();

 private:
  template <typename Handle>
  Outcome<HandleNumber> Register(const std::shared_ptr<Handle>& handle,
                                 const std::shared_ptr<CallbackHandle>& callback);
  template <typename Handle>
  void CloseHandle(const std::shared_ptr<Handle>& handle);

  // First, so that it tells when everything else has been destroyed.
  struct Destroyed {
    ~Destroyed();
    std::promise<void> promise;
  };
  Destroyed destroyed_;

  Status AttachToNetwork(const std::string& id, const Json& document);
  std::optional<std::string> RuntimeIdOf(const std::string& id) const;

  const uint32_t build_number_;
  const std::string state_folder_;
  LayerService layers_;
  LayerContexts<LayerImport> imports_;
  LayerContexts<LayerExport> exports_;
  HandleTable handles_;
  Notifier notifier_;
  Reactor reactor_;
  std::unique_ptr<hns::HnsService> networks_;  // Asks the directory, which asks it.
  SystemDirectory directory_;
};

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_LIBRARY_COMPUTE_SERVICE_H_
