// What the cases ask of the operating system they run on; one file per system.

#ifndef HCS_TESTS_CONFORMANCE_THIS_SYSTEM_H_
#define HCS_TESTS_CONFORMANCE_THIS_SYSTEM_H_

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "tests/conformance/programs.h"

namespace hcs::conformance {

// For containers that run this system's own programs.
const Programs& NativePrograms();

// Of this process.
size_t OwnHandles();
size_t OwnThreads();
uint64_t OwnResidentBytes();

// User and kernel time of any process; nullopt when it cannot be seen.
std::optional<uint64_t> ProcessorTimeOf(uint32_t process_id);

// A folder of its own that is removed with everything in it.
class TemporaryFolder {
 public:
  TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder();
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// A path of this system as a host names it (Windows' way), and back. `emulator_state` is
// the state folder of an emulated host, which knows its volumes; empty for any other.
std::string HostPath(const std::filesystem::path& path);
std::filesystem::path OpenablePath(const std::string& host_path, const std::string& emulator_state);

}  // namespace hcs::conformance

#endif  // HCS_TESTS_CONFORMANCE_THIS_SYSTEM_H_
