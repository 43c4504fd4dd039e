// Whom a process runs as: the User of its document.

#ifndef HCS_CORE_EMULATOR_WORKER_USER_ACCOUNTS_H_
#define HCS_CORE_EMULATOR_WORKER_USER_ACCOUNTS_H_

#include <optional>
#include <string>
#include <string_view>

#include "core/emulator/outcome.h"
#include "core/platform/process.h"

namespace hcs::emulator::worker {

struct UserAccount {
  std::optional<platform::Credentials> credentials;  // None: the worker's own.
  std::string home;
};

// `user` is a name or a number of this machine, or a Windows container's own account:
// ContainerAdministrator, Administrator and SYSTEM are the worker's own user,
// ContainerUser is "nobody". Empty: the worker's own. A domain before a backslash is
// ignored. After a ':' stands the name or number of the only group to be in, as OCI images
// have it. In a container with a root of its own, its own files say who there is. An unknown
// one is 0x80070534 (no such account); another user than the worker's own is 0x80070005
// unless the worker is root.
Outcome<UserAccount> FindUserAccount(std::string_view user);

}  // namespace hcs::emulator::worker

#endif  // HCS_CORE_EMULATOR_WORKER_USER_ACCOUNTS_H_
