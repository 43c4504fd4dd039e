#include "client/hcsctl/exit_code.h"

#include <algorithm>
#include <cstdint>

#include "client/hcs_client/error.h"
#include "core/abi/hresult.h"

namespace hcs::ctl {
namespace {

constexpr uint32_t kControlCExit = 0xC000013A;  // STATUS_CONTROL_C_EXIT
constexpr uint32_t kLargest = 255;
constexpr auto kBadExeFormat = static_cast<abi::HRESULT>(0x800700C1);

}  // namespace

int ProcessExitCode(const v1::ProcessExit& exit) {
  if (exit.exit_code() == kControlCExit) return 130;
  return static_cast<int>(std::min(exit.exit_code(), kLargest));
}

int RunFailureExitCode(const absl::Status& status) {
  const auto error = client::HostErrorOf(status);
  if (!error || error->operation() != "HcsCreateProcess") return kRunFailure;
  switch (error->hresult()) {
    case abi::ERROR_FILE_NOT_FOUND:
    case abi::ERROR_PATH_NOT_FOUND: return kProgramNotFound;
    case abi::ERROR_ACCESS_DENIED:
    case kBadExeFormat: return kNotExecutable;
    default: return kRunFailure;
  }
}

}  // namespace hcs::ctl
