#include "daemon/service/host_choice.h"

#include <iterator>
#include <utility>
#include <variant>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/emulator/emulated_host.h"
#include "daemon/service/version.h"

namespace hcs::service {
namespace {

class Emulated final : public ChosenHost {
 public:
  Emulated(std::unique_ptr<emulator::EmulatedHost> host, uint32_t build_number)
      : host_(std::move(host)), build_number_(build_number) {}

  const abi::HcsFunctionTable& table() const override { return host_->functions(); }

  runtime::HostDescription Describe() const override {
    return {.kind = "emulated",
            .build_number = build_number_,
            .daemon_version = kVersion,
            .isolation = [host = host_.get()]() -> runtime::HostIsolation {
              emulator::HostIsolation isolation = host->Isolation();
              return {std::string(isolation.name()), std::move(isolation.reason),
                      std::move(isolation.not_enforced)};
            }};
  }

 private:
  const std::unique_ptr<emulator::EmulatedHost> host_;
  const uint32_t build_number_;
};

absl::StatusOr<std::unique_ptr<ChosenHost>> MakeEmulated(const Configuration& configuration) {
  const auto isolation = emulator::IsolationSettingOf(configuration.isolation);
  if (!isolation) {
    return absl::InvalidArgumentError(absl::StrCat("--isolation ", configuration.isolation,
                                                   ": allowed are ",
                                                   absl::StrJoin(IsolationWords(), ", ")));
  }
  auto made = emulator::EmulatedHost::Create({.state_folder = configuration.state + "/host",
                                              .worker_path = configuration.worker,
                                              .build_number = configuration.build_number,
                                              .isolation = *isolation,
                                              .layer_streams = configuration.layer_streams});
  if (auto* reason = std::get_if<std::string>(&made)) {
    return absl::UnavailableError(
        absl::StrCat("--host emulated: ", *reason, "; the other host, windows, needs Windows"));
  }
  return std::make_unique<Emulated>(
      std::move(std::get<std::unique_ptr<emulator::EmulatedHost>>(made)),
      configuration.build_number);
}

absl::Status NotHere(const std::string& host, const char* reason) {
  return absl::UnavailableError(
      absl::StrCat("--host ", host, ": ", reason, "; on this system there is --host emulated"));
}

}  // namespace

std::vector<std::string> IsolationWords() {
  return {std::begin(emulator::kIsolationWords), std::end(emulator::kIsolationWords)};
}

absl::StatusOr<std::unique_ptr<ChosenHost>> ChooseHost(const Configuration& configuration) {
  const std::string& host = configuration.host;
  if (host == "emulated") return MakeEmulated(configuration);
  if (host == "windows") return NotHere(host, "it needs vmcompute.dll, which is Windows' own");
  if (host.starts_with("dll:")) {
    if (!configuration.allow_dll_host) {
      return absl::InvalidArgumentError(
          absl::StrCat("--host ", host, ": allowed only with --allow-dll-host"));
    }
    return NotHere(host, "it needs Windows or Wine to load a DLL");
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "--host ", host, ": there is no such host; allowed are windows, emulated and dll:PATH"));
}

}  // namespace hcs::service
