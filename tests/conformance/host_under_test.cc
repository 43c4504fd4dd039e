#include "tests/conformance/host_under_test.h"

#include <cstdlib>
#include <stdexcept>
#include <string_view>

namespace hcs::conformance {
namespace {

std::unique_ptr<HostUnderTest> MakeHost() {
  const char* chosen = std::getenv("HCS_CONFORMANCE_HOST");
  const std::string_view host = chosen == nullptr ? "emulated" : chosen;
  constexpr std::string_view kLibrary = "dll:";
  if (host == "emulated") return MakeEmulatedHost();
  if (host.starts_with(kLibrary)) return MakeLibraryHost(std::string(host.substr(kLibrary.size())));
  throw std::runtime_error("HCS_CONFORMANCE_HOST is \"" + std::string(host) +
                           "\"; it can be \"emulated\" or \"dll:PATH\"");
}

}  // namespace

HostUnderTest& HostUnderTest::Current() {
  static const std::unique_ptr<HostUnderTest> host = MakeHost();
  return *host;
}

}  // namespace hcs::conformance
