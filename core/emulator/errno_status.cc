#include "core/emulator/errno_status.h"

#include <cerrno>
#include <system_error>

namespace hcs::emulator {
namespace {

constexpr abi::HRESULT HresultOfWin32(uint32_t code) {
  return static_cast<abi::HRESULT>(0x80070000u | code);
}

constexpr uint32_t kWin32TooManyOpenFiles = 4;
constexpr uint32_t kWin32BadEnvironment = 10;
constexpr uint32_t kWin32BadExeFormat = 193;
constexpr uint32_t kWin32NoSystemResources = 1450;

}  // namespace

abi::HRESULT HresultOfErrno(int error) {
  switch (error) {
    case 0: return abi::S_OK;
    case ENOENT: return abi::ERROR_FILE_NOT_FOUND;
    case ENOTDIR: return abi::ERROR_PATH_NOT_FOUND;
    case EACCES:
    case EPERM: return abi::ERROR_ACCESS_DENIED;
    case EEXIST: return abi::ERROR_ALREADY_EXISTS;
    case EINVAL: return abi::ERROR_INVALID_PARAMETER;
    case ENOMEM: return abi::ERROR_OUTOFMEMORY;
    case ENOSPC:
    case EDQUOT: return abi::ERROR_DISK_FULL;
    case EMFILE:
    case ENFILE: return HresultOfWin32(kWin32TooManyOpenFiles);
    case E2BIG: return HresultOfWin32(kWin32BadEnvironment);
    case ENOEXEC: return HresultOfWin32(kWin32BadExeFormat);
    case EAGAIN: return HresultOfWin32(kWin32NoSystemResources);
    default: return abi::ERROR_GEN_FAILURE;
  }
}

Status ErrnoStatus(int error, std::string_view what) {
  return {HresultOfErrno(error), std::string(what) + ": " + std::generic_category().message(error)};
}

}  // namespace hcs::emulator
