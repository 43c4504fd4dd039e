#include "core/emulator/stopped_answers.h"

#include "core/emulator/channel/protocol.h"

namespace hcs::emulator {

Status StoppedAnswer(std::string_view method) {
  if (method == protocol::kStart || method == protocol::kShutdown ||
      method == protocol::kTerminate) {
    return {abi::VMCOMPUTE_SYSTEM_ALREADY_STOPPED, "the compute system has stopped"};
  }
  if (method == protocol::kOpenProcess) {
    return {abi::ERROR_NOT_FOUND, "the compute system has stopped"};
  }
  if (method == protocol::kTerminateProcess || method == protocol::kSignalProcess ||
      method == protocol::kModifyProcess) {
    return {abi::HCS_E_PROCESS_ALREADY_STOPPED, "the process has exited"};
  }
  if (method == protocol::kGetProcessInfo) {
    return {abi::HCS_E_PROCESS_INFO_NOT_AVAILABLE, "the compute system's worker has gone"};
  }
  return {abi::VMCOMPUTE_INVALID_STATE, "the compute system has stopped"};
}

}  // namespace hcs::emulator
