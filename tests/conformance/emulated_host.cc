// The emulated host of this process, with a state folder of its own.

#include "core/emulator/emulated_host.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <set>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "core/emulator/state/systems_folder.h"
#include "core/platform/proc_files_linux.h"
#include "core/platform/process_statistics.h"
#include "tests/conformance/host_under_test.h"
#include "tests/conformance/this_system.h"

namespace hcs::conformance {
namespace {

namespace fs = std::filesystem;

size_t CountEntries(const fs::path& folder) {
  std::error_code error;
  size_t count = 0;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    ++count;
  }
  return count;
}

// How many folders below `above`, which may come and go meanwhile, have one of `names`.
size_t CountFolders(const fs::path& above, const std::set<std::string>& names) {
  std::error_code error;
  size_t count = 0;
  for (fs::directory_iterator entry(above, error), end; !error && entry != end;
       entry.increment(error)) {
    std::error_code gone;
    if (!entry->is_directory(gone)) continue;
    count += names.count(entry->path().filename()) + CountFolders(entry->path(), names);
  }
  return count;
}

class EmulatedHostUnderTest final : public HostUnderTest {
 public:
  EmulatedHostUnderTest() {
    emulator::EmulatedHost::Options options;
    options.state_folder = state_.path().string();
    options.worker_path = HCS_CONFORMANCE_WORKER;
    const char* streams = std::getenv("HCS_EMULATOR_LAYER_STREAMS");
    options.layer_streams = streams == nullptr || std::string_view(streams) != "off";
    auto made = emulator::EmulatedHost::Create(options);
    if (const auto* problem = std::get_if<std::string>(&made)) throw std::runtime_error(*problem);
    host_ = std::move(std::get<std::unique_ptr<emulator::EmulatedHost>>(made));
  }

  const abi::HcsFunctionTable& table() const override { return host_->functions(); }
  nlohmann::json container() const override {
    return {{"SystemType", "Container"}, {"Owner", "conformance"}};
  }
  const Programs& programs() const override { return PosixPrograms(); }

  std::string layers_home() const override { return HostPath(layers_.path()); }
  fs::path Openable(const std::string& host_path) const override {
    return OpenablePath(host_path, state_.path());
  }

  bool DisruptService() override {
    host_->DisconnectService();
    return true;
  }

  std::optional<uint64_t> ProcessorTime100ns(uint32_t process_id) const override {
    return ProcessorTimeOf(process_id);
  }

  uint64_t ResidentBytes() const override;
  Resources MeasureResources() const override;
  size_t CountLeftovers(const std::vector<std::string>& runtime_ids) const override;

 private:
  std::vector<pid_t> Workers() const;

  TemporaryFolder state_;
  TemporaryFolder layers_;
  std::unique_ptr<emulator::EmulatedHost> host_;
};

// The processes that hold a file of the state folder open, as each worker does its lock.
std::vector<pid_t> EmulatedHostUnderTest::Workers() const {
  std::vector<pid_t> workers;
  std::error_code error;
  for (const fs::directory_entry& process : fs::directory_iterator("/proc", error)) {
    const auto pid = platform::ParseNumber(process.path().filename().native());
    if (!pid || static_cast<pid_t>(*pid) == getpid()) continue;
    for (fs::directory_iterator fd(process.path() / "fd", error), end; !error && fd != end;
         fd.increment(error)) {
      std::error_code gone;
      const std::string target = fs::read_symlink(fd->path(), gone);
      if (!target.starts_with(state_.path().native())) continue;
      workers.push_back(static_cast<pid_t>(*pid));
      break;
    }
  }
  return workers;
}

uint64_t EmulatedHostUnderTest::ResidentBytes() const {
  uint64_t bytes = OwnResidentBytes();
  for (const pid_t pid : Workers()) {
    platform::ProcessStatistics statistics;
    if (!platform::ReadProcessStatistics(pid, &statistics)) continue;
    bytes += statistics.memory_working_set_private_bytes;
  }
  return bytes;
}

Resources EmulatedHostUnderTest::MeasureResources() const {
  return {.handles = OwnHandles(),
          .threads = OwnThreads(),
          .processes = Workers().size(),
          .folders = CountEntries(state_.path() / "systems")};
}

size_t EmulatedHostUnderTest::CountLeftovers(const std::vector<std::string>& runtime_ids) const {
  std::set<std::string> names;
  for (const std::string& id : runtime_ids) {
    names.insert(fs::path(emulator::ScopeNameOf(id)).filename());
  }
  return CountFolders("/sys/fs/cgroup", names);
}

}  // namespace

std::unique_ptr<HostUnderTest> MakeEmulatedHost() {
  return std::make_unique<EmulatedHostUnderTest>();
}

}  // namespace hcs::conformance
