// The external ports that endpoints have mapped to themselves.

#ifndef HCS_CORE_EMULATOR_NETWORK_PORT_REGISTRY_H_
#define HCS_CORE_EMULATOR_NETWORK_PORT_REGISTRY_H_

#include <compare>
#include <cstdint>
#include <map>
#include <string>

#include "core/emulator/network/number_pool.h"
#include "core/emulator/outcome.h"

namespace hcs::emulator::hns {

struct ExternalPort {
  uint8_t protocol = 6;  // As IP numbers them: 6 is TCP, 17 UDP.
  uint16_t port = 0;

  auto operator<=>(const ExternalPort&) const = default;
};

// "TCP port 80".
std::string TextOf(const ExternalPort& port);

// The machine's, not a network's: there is one address that they are ports of. Not
// thread-safe.
class PortRegistry {
 public:
  // HCN_E_PORT_ALREADY_EXISTS when another one has it; fine when it is the owner's.
  Status Claim(const ExternalPort& port, const std::string& owner);

  // One that nobody has, of the dynamic ones (49152 to 65535). 0x800705AA when there is
  // none.
  Outcome<uint16_t> Take(uint8_t protocol, const std::string& owner);

  bool IsOwnedBy(const ExternalPort& port, const std::string& owner) const;

  // What is not the owner's is left alone.
  void Release(const ExternalPort& port, const std::string& owner);

 private:
  NumberPool& DynamicPool(uint8_t protocol);

  std::map<ExternalPort, std::string> owners_;
  std::map<uint8_t, NumberPool> dynamic_;
};

}  // namespace hcs::emulator::hns

#endif  // HCS_CORE_EMULATOR_NETWORK_PORT_REGISTRY_H_
