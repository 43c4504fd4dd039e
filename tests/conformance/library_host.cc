// A host in a library: the real one, or any other that exports the ABI.

#include <cstdlib>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "core/abi/library_loader.h"
#include "tests/conformance/host_under_test.h"
#include "tests/conformance/this_system.h"

namespace hcs::conformance {
namespace {

const Programs& ChosenPrograms() {
  const char* chosen = std::getenv("HCS_CONFORMANCE_PROGRAMS");
  if (chosen == nullptr) return NativePrograms();
  const std::string_view programs = chosen;
  if (programs == "posix") return PosixPrograms();
  if (programs == "windows") return WindowsPrograms();
  throw std::runtime_error("HCS_CONFORMANCE_PROGRAMS can be \"posix\" or \"windows\"");
}

std::string EmulatorState() {
  const char* state = std::getenv("HCS_EMULATOR_STATE");
  return state == nullptr ? "" : state;
}

nlohmann::json ChosenContainer() {
  const char* document = std::getenv("HCS_CONFORMANCE_CONTAINER");
  if (document != nullptr) return nlohmann::json::parse(document);
  return {{"SystemType", "Container"}, {"Owner", "conformance"}};
}

// Of what such a host keeps for its systems, nothing is known from here.
class LibraryHostUnderTest final : public HostUnderTest {
 public:
  explicit LibraryHostUnderTest(std::unique_ptr<abi::LoadedLibrary> library)
      : library_(std::move(library)), container_(ChosenContainer()), programs_(ChosenPrograms()) {}

  const abi::HcsFunctionTable& table() const override { return library_->table(); }
  nlohmann::json container() const override { return container_; }
  const Programs& programs() const override { return programs_; }
  std::string layers_home() const override { return HostPath(layers_.path()); }
  std::filesystem::path Openable(const std::string& host_path) const override {
    return OpenablePath(host_path, EmulatorState());
  }
  std::optional<uint64_t> ProcessorTime100ns(uint32_t process_id) const override {
    return ProcessorTimeOf(process_id);
  }
  uint64_t ResidentBytes() const override { return OwnResidentBytes(); }
  Resources MeasureResources() const override {
    return {.handles = OwnHandles(), .threads = OwnThreads(), .processes = 0, .folders = 0};
  }
  size_t CountLeftovers(const std::vector<std::string>&) const override { return 0; }

 private:
  const std::unique_ptr<abi::LoadedLibrary> library_;
  const nlohmann::json container_;
  const Programs& programs_;
  TemporaryFolder layers_;
};

}  // namespace

std::unique_ptr<HostUnderTest> MakeLibraryHost(const std::string& path) {
  auto loaded = abi::LoadedLibrary::Load(path);
  if (const auto* problem = std::get_if<std::string>(&loaded)) throw std::runtime_error(*problem);
  return std::make_unique<LibraryHostUnderTest>(
      std::move(std::get<std::unique_ptr<abi::LoadedLibrary>>(loaded)));
}

}  // namespace hcs::conformance
