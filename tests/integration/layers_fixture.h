// A daemon with a home folder for layers.

#ifndef HCS_TESTS_INTEGRATION_LAYERS_FIXTURE_H_
#define HCS_TESTS_INTEGRATION_LAYERS_FIXTURE_H_

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "hcs/v1/layer_service.grpc.pb.h"
#include "tests/integration/calls.h"
#include "tests/integration/daemon_fixture.h"

namespace hcs::integration {

// Whole contents of a file.
void WriteFile(const std::filesystem::path& path, const std::string& content);
std::string ReadFile(const std::filesystem::path& path);

class Layers {
 public:
  using Stub = v1::LayerService::Stub;

  explicit Layers(std::vector<std::string> flags = {});
  // What a case that failed has left mounted would keep the folder from being removed.
  ~Layers();
  Layers(const Layers&) = delete;
  Layers& operator=(const Layers&) = delete;

  Daemon& daemon() { return daemon_; }
  // Renewed when the daemon was started again.
  void Reconnect() { stub_ = v1::LayerService::NewStub(daemon_.channel()); }
  Stub& stub() { return *stub_; }
  std::string home() const { return daemon_.folder() + "/layers"; }
  std::filesystem::path Folder(const std::string& id) const {
    return std::filesystem::path(home()) / id;
  }
  // Names in the home folder, hidden ones too, and in the daemon's scratch.
  std::vector<std::string> Names() const;
  std::vector<std::string> Scratch() const;

  template <typename Request>
  Request Named(const std::string& id) const {
    Request request;
    request.set_home_folder(home());
    request.set_id(id);
    return request;
  }

  template <typename Response, typename Request>
  grpc::Status Change(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                      const Request& request, Response* response = nullptr) {
    Call call;
    Response unused;
    return (stub().*method)(call.context(), request, response == nullptr ? &unused : response);
  }

  v1::LayerInfo Get(const std::string& id);
  bool Exists(const std::string& id);
  grpc::Status Destroy(const std::string& id);
  // "base", with a file in it, and "sandbox" over it.
  void CreateBaseAndSandbox();

 private:
  Daemon daemon_;
  std::unique_ptr<Stub> stub_;
};

}  // namespace hcs::integration

#endif  // HCS_TESTS_INTEGRATION_LAYERS_FIXTURE_H_
