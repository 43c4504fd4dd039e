// The host's network service, without packets: what HNSCall does.

#ifndef HCS_CORE_EMULATOR_NETWORK_HNS_SERVICE_H_
#define HCS_CORE_EMULATOR_NETWORK_HNS_SERVICE_H_

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "core/emulator/network/container_network.h"
#include "core/emulator/network/hns_request.h"
#include "core/emulator/network/hns_state.h"
#include "core/emulator/outcome.h"

namespace hcs::emulator::hns {

// The first build whose vmcompute.dll exports HNSCall (TP5's; assumption): older ones, TP4
// among them, have no table entry for it.
inline constexpr uint32_t kFirstBuild = 14300;

// Thread-safe, and safe among processes that share the state folder: each call sees what
// all earlier ones have done, and is done whole or not at all.
class HnsService {
 public:
  struct Options {
    std::string state_folder;
    uint32_t build_number = 0;
    FindSystem find_system;
    Datapath* datapath = nullptr;  // Not owned.
  };

  // Makes the folders that are missing. The state is read by the first call.
  static Outcome<std::unique_ptr<HnsService>> Open(Options options);

  // The response: {"Success", "Output"} or {"Success", "Error", "ErrorCode"}. Texts are
  // UTF-8. Blocks while another call works, here or in another process.
  std::string Call(std::string_view method, std::string_view path, std::string body);

  // What the document of a container that is being made says of its network, done.
  Status AttachContainer(const std::string& id, const ContainerNetwork& network);
  // A network modification of a running container (container_network.h).
  Status ModifyContainer(const std::string& id, const Json& request);

 private:
  HnsService(ObjectStore store, Options options);
  Outcome<Json> Answer(const HnsRequest& request);
  // Runs `body(HnsState&) -> Outcome<Json>` with the state up to date and to itself.
  template <typename Body>
  Outcome<Json> WithState(Body&& body);
  // The same for `body(HnsState&) -> Status`.
  template <typename Body>
  Status ChangeState(Body&& body);

  const uint32_t build_number_;
  std::mutex mutex_;
  HnsState state_;
};

}  // namespace hcs::emulator::hns

#endif  // HCS_CORE_EMULATOR_NETWORK_HNS_SERVICE_H_
