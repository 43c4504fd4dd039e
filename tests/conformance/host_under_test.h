// The host that the conformance cases are run against, and what they need to know of it
// beyond its function table.

#ifndef HCS_TESTS_CONFORMANCE_HOST_UNDER_TEST_H_
#define HCS_TESTS_CONFORMANCE_HOST_UNDER_TEST_H_

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/abi/vmcompute.h"
#include "tests/conformance/programs.h"

namespace hcs::conformance {

// What calls may leave behind; 0 for what cannot be counted from here.
struct Resources {
  size_t handles = 0;    // Of this process.
  size_t threads = 0;    // Of this process.
  size_t processes = 0;  // That the host keeps for compute systems.
  size_t folders = 0;    // That the host keeps for compute systems.
};

class HostUnderTest {
 public:
  // By the environment variable HCS_CONFORMANCE_HOST: "emulated" (also when unset), or
  // "dll:PATH". Ends the running case with a failure when there is no such host.
  static HostUnderTest& Current();

  virtual ~HostUnderTest() = default;

  virtual const abi::HcsFunctionTable& table() const = 0;

  // A schema 1 container that can run `programs()`.
  virtual nlohmann::json container() const = 0;
  virtual const Programs& programs() const = 0;

  // A folder for layers, as the host names it; it and what the cases leave in it go away
  // with this object.
  virtual std::string layers_home() const = 0;

  // The path by which this process opens a file that the host names (a path below
  // layers_home, or in the volume of a sandbox).
  virtual std::filesystem::path Openable(const std::string& host_path) const = 0;

  // Breaks the connection to the service, as if it had been restarted; false when this
  // host cannot be made to.
  virtual bool DisruptService() { return false; }

  // What the operating system itself says that a process has run, where it can be asked.
  virtual std::optional<uint64_t> ProcessorTime100ns(uint32_t process_id) const = 0;

  // Resident memory of this process and of those that the host keeps for its systems.
  virtual uint64_t ResidentBytes() const = 0;

  virtual Resources MeasureResources() const = 0;

  // How many of these systems, all of which are gone, have left something behind that
  // MeasureResources does not see.
  virtual size_t CountLeftovers(const std::vector<std::string>& runtime_ids) const = 0;
};

std::unique_ptr<HostUnderTest> MakeEmulatedHost();

// The library at `path`; throws std::runtime_error when it cannot be loaded.
std::unique_ptr<HostUnderTest> MakeLibraryHost(const std::string& path);

// Says that the running case does not apply to this host, for the table; the case then
// returns.
void DoesNotApply(const std::string& reason);

}  // namespace hcs::conformance

#endif  // HCS_TESTS_CONFORMANCE_HOST_UNDER_TEST_H_
