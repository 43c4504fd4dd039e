#include "core/emulator/state/systems_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "core/emulator/documents/json_text.h"
#include "core/emulator/documents/schema.h"
#include "core/emulator/errno_status.h"
#include "core/emulator/state/container_remains.h"
#include "core/emulator/state/guid.h"
#include "core/emulator/state/leftovers.h"
#include "core/emulator/state/state_files.h"
#include "core/emulator/state/system_id.h"
#include "core/platform/container_scope.h"

namespace hcs::emulator {
namespace {

using platform::UniqueFd;

constexpr char kSystems[] = "systems";
constexpr char kStateLock[] = "lock";
constexpr char kLock[] = "lock";
constexpr char kSocket[] = "socket";
constexpr char kIdentity[] = "identity.json";
constexpr char kSummaryFile[] = "summary.json";
constexpr char kLog[] = "worker.log";
constexpr char kDeadPrefix[] = ".dead-";

constexpr mode_t kFolderMode = 0700;
constexpr mode_t kFileMode = 0600;
constexpr int kBacklog = 128;
constexpr timeval kConnectTimeout = {60, 0};
constexpr std::chrono::seconds kLeftoversTimeout{5};

int MakeFolders(const std::string& path) {
  for (size_t end = path.find('/', 1); end != std::string::npos; end = path.find('/', end + 1)) {
    if (mkdir(path.substr(0, end).c_str(), kFolderMode) != 0 && errno != EEXIST) return errno;
  }
  return mkdir(path.c_str(), kFolderMode) != 0 && errno != EEXIST ? errno : 0;
}

// A socket's path may have 108 bytes; a folder's descriptor makes any path short.
sockaddr_un SocketAddress(int folder) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = "/proc/self/fd/" + std::to_string(folder) + "/" + kSocket;
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  return address;
}

UniqueFd Listen(int folder) {
  UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const sockaddr_un address = SocketAddress(folder);
  if (!socket || bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) ||
      listen(socket.get(), kBacklog) != 0) {
    return UniqueFd();
  }
  return socket;
}

bool IsDeadName(const std::string& name) { return name.starts_with(kDeadPrefix); }

// A name that no other folder has, also after another process has died half-way.
std::string NewDeadName() { return kDeadPrefix + NewGuidText(); }

// The lock of a system's folder, or nothing while somebody holds it. A folder
// without a lock file was left before its worker began: it is free, too.
enum class LockResult { kHeld, kFree };
LockResult TryLock(int folder, UniqueFd* lock) {
  lock->reset(openat(folder, kLock, O_RDWR | O_CLOEXEC | O_NOFOLLOW));
  if (!*lock) return LockResult::kFree;
  return flock(lock->get(), LOCK_EX | LOCK_NB) == 0 ? LockResult::kFree : LockResult::kHeld;
}

// The part of identity.json that says that the container has namespaces of its own.
constexpr char kNamespaces[] = "Namespaces";

// Removes what a container whose worker has died left on the machine. False when
// something of it cannot be killed now: then its folder stays for the next one to find.
bool RemoveRemains(int folder) {
  const Outcome<Json> identity = ParseDocument(ReadStateFile(folder, kIdentity).value_or(""));
  if (!identity.ok() || FindField(*identity, "RuntimeId") == nullptr) return true;
  const std::string id = StringField(*identity, "RuntimeId");
  using platform::ContainerScope;
  // The processes first: a worker with namespaces ends after them, which paused ones hold up.
  if (ContainerScope::DestroyLeftovers(ScopeNameOf(id), kLeftoversTimeout) != 0) return false;
  if (!BoolField(*identity, kNamespaces)) return KillMarkedLeftovers(id, kLeftoversTimeout);
  if (ContainerScope::DestroyLeftovers(RuntimeScopeNameOf(id), kLeftoversTimeout) != 0) {
    return false;
  }
  RemoveMountPoints(folder);
  return true;
}

Outcome<ReservedSystem> Furnish(int systems, const std::string& systems_path,
                                const std::string& name, const std::string& id, bool namespaces) {
  ReservedSystem reserved;
  reserved.path = systems_path + "/" + name;
  reserved.runtime_id = NewGuidText();
  reserved.folder = OpenStateFolder(systems, name);
  reserved.lock.reset(
      openat(reserved.folder.get(), kLock, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, kFileMode));
  if (!reserved.lock || flock(reserved.lock.get(), LOCK_EX) != 0) {
    return ErrnoStatus(errno, "locking the system's state folder");
  }
  const Json identity = {{"Id", id}, {"RuntimeId", reserved.runtime_id}, {kNamespaces, namespaces}};
  if (int error = WriteFileAtomically(reserved.folder.get(), kIdentity, JsonToText(identity))) {
    return ErrnoStatus(error, "writing the system's identity");
  }
  reserved.listener = Listen(reserved.folder.get());
  if (!reserved.listener) return ErrnoStatus(errno, "listening in the system's state folder");
  return reserved;
}

}  // namespace

std::string ScopeNameOf(std::string_view runtime_id) { return "hcsd/" + std::string(runtime_id); }

Outcome<SystemsFolder> SystemsFolder::Open(const std::string& state_folder) {
  if (int error = MakeFolders(state_folder)) return ErrnoStatus(error, state_folder);
  UniqueFd state(open(state_folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!state) return ErrnoStatus(errno, state_folder);
  if (mkdirat(state.get(), kSystems, kFolderMode) != 0 && errno != EEXIST) {
    return ErrnoStatus(errno, state_folder + "/" + kSystems);
  }
  UniqueFd systems = OpenStateFolder(state.get(), kSystems);
  if (!systems) return ErrnoStatus(errno, state_folder + "/" + kSystems);
  std::error_code error;
  const std::filesystem::path path = std::filesystem::absolute(state_folder, error) / kSystems;
  return SystemsFolder(std::move(state), std::move(systems), path);
}

UniqueFd SystemsFolder::LockState() const {
  UniqueFd lock(openat(state_.get(), kStateLock, O_RDWR | O_CREAT | O_CLOEXEC, kFileMode));
  while (lock && flock(lock.get(), LOCK_EX) != 0 && errno == EINTR) {
  }
  return lock;
}

Outcome<ReservedSystem> SystemsFolder::Reserve(const std::string& id, bool namespaces) {
  const std::string name = FolderNameOfId(id);
  std::vector<std::string> dead_names;
  Outcome<ReservedSystem> result = Status{abi::VMCOMPUTE_SYSTEM_ALREADY_EXISTS,
                                          "a compute system with the id \"" + id + "\" exists"};
  {
    const UniqueFd lock = LockState();
    if (!lock) return ErrnoStatus(errno, "locking the state folder");
    int error = mkdirat(systems_.get(), name.c_str(), kFolderMode) == 0 ? 0 : errno;
    if (error == EEXIST && RemoveIfDeadLocked(name, &dead_names)) {
      error = mkdirat(systems_.get(), name.c_str(), kFolderMode) == 0 ? 0 : errno;
    }
    if (error != 0 && error != EEXIST) return ErrnoStatus(error, "making a state folder");
    if (error == 0) result = Furnish(systems_.get(), path_, name, id, namespaces);
    if (error == 0 && !result.ok()) EmptyAndRemove(systems_.get(), name);
  }
  for (const std::string& dead_name : dead_names) FinishDead(dead_name);
  return result;
}

Outcome<ReservedSystem> SystemsFolder::ReserveUnlisted() {
  const UniqueFd lock = LockState();
  const std::string name = NewDeadName();
  if (!lock || mkdirat(systems_.get(), name.c_str(), kFolderMode) != 0) {
    return ErrnoStatus(errno, "making a state folder");
  }
  Outcome<ReservedSystem> result = Furnish(systems_.get(), path_, name, name, true);
  if (!result.ok()) EmptyAndRemove(systems_.get(), name);
  return result;
}

void SystemsFolder::Abandon(ReservedSystem reserved) {
  const std::string name = std::filesystem::path(reserved.path).filename();
  const std::string dead_name = NewDeadName();
  if (renameat(systems_.get(), name.c_str(), systems_.get(), dead_name.c_str()) != 0) return;
  if (RemoveRemains(reserved.folder.get())) EmptyAndRemove(systems_.get(), dead_name);
}

Outcome<UniqueFd> SystemsFolder::Connect(const std::string& id) {
  const Status not_found = {abi::VMCOMPUTE_SYSTEM_NOT_FOUND,
                            "there is no compute system with the id \"" + id + "\""};
  const UniqueFd folder = OpenStateFolder(systems_.get(), FolderNameOfId(id));
  if (!folder && errno != ENOENT) return ErrnoStatus(errno, "opening the system's state folder");
  if (!folder) return not_found;
  UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket) return ErrnoStatus(errno, "making a socket");
  setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &kConnectTimeout, sizeof(kConnectTimeout));
  const sockaddr_un address = SocketAddress(folder.get());
  if (connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0) {
    return socket;
  }
  const int error = errno;
  if (error != ECONNREFUSED && error != ENOENT) return ErrnoStatus(error, "connecting");
  RemoveIfDead(id);
  return not_found;
}

std::vector<std::string> SystemsFolder::List() const {
  std::vector<std::string> ids;
  for (const std::string& name : NamesIn(systems_.get())) {
    if (std::optional<std::string> id = IdOfFolderName(name)) ids.push_back(*std::move(id));
  }
  return ids;
}

std::optional<std::string> SystemsFolder::ReadSummary(const std::string& id) const {
  return ReadOfLiving(id, kSummaryFile);
}

std::optional<std::string> SystemsFolder::ReadRuntimeId(const std::string& id) const {
  const std::optional<std::string> text = ReadOfLiving(id, kIdentity);
  if (!text) return std::nullopt;
  const Outcome<Json> identity = ParseDocument(*text);
  if (!identity.ok() || FindField(*identity, "RuntimeId") == nullptr) return std::nullopt;
  return StringField(*identity, "RuntimeId");
}

std::optional<std::string> SystemsFolder::ReadOfLiving(const std::string& id,
                                                       const char* file) const {
  // Whoever removes a dead system holds its lock for a moment, under the state's:
  // without that one, a dead system could be taken for a living one.
  const UniqueFd state = LockState();
  const UniqueFd folder = OpenStateFolder(systems_.get(), FolderNameOfId(id));
  if (!folder) return std::nullopt;
  const UniqueFd lock(openat(folder.get(), kLock, O_RDONLY | O_CLOEXEC));
  if (!lock || flock(lock.get(), LOCK_SH | LOCK_NB) == 0) return std::nullopt;
  return ReadStateFile(folder.get(), file);
}

UniqueFd SystemsFolder::OpenLog(const ReservedSystem& reserved) {
  return UniqueFd(
      openat(reserved.folder.get(), kLog, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, kFileMode));
}

bool SystemsFolder::RemoveIfDead(const std::string& id) {
  std::vector<std::string> dead_names;
  bool gone = false;
  {
    const UniqueFd lock = LockState();
    gone = RemoveIfDeadLocked(FolderNameOfId(id), &dead_names);
  }
  for (const std::string& name : dead_names) FinishDead(name);
  return gone;
}

void SystemsFolder::RemoveAllDead() {
  std::vector<std::string> dead_names;
  {
    const UniqueFd lock = LockState();
    for (const std::string& name : NamesIn(systems_.get())) {
      if (IsDeadName(name)) {
        dead_names.push_back(name);
      } else {
        RemoveIfDeadLocked(name, &dead_names);
      }
    }
  }
  for (const std::string& name : dead_names) FinishDead(name);
}

// With the state's lock, so that a folder that is being furnished is not taken for
// one whose worker has died.
bool SystemsFolder::RemoveIfDeadLocked(const std::string& name,
                                       std::vector<std::string>* dead_names) {
  const UniqueFd folder = OpenStateFolder(systems_.get(), name);
  if (!folder) return errno == ENOENT;
  UniqueFd lock;
  if (TryLock(folder.get(), &lock) == LockResult::kHeld) return false;
  const std::string dead_name = NewDeadName();
  if (renameat(systems_.get(), name.c_str(), systems_.get(), dead_name.c_str()) != 0) return false;
  dead_names->push_back(dead_name);
  return true;
}

void SystemsFolder::FinishDead(const std::string& dead_name) {
  const UniqueFd folder = OpenStateFolder(systems_.get(), dead_name);
  UniqueFd lock;
  if (!folder || TryLock(folder.get(), &lock) == LockResult::kHeld) return;
  if (!RemoveRemains(folder.get())) return;
  EmptyAndRemove(systems_.get(), dead_name);
}

int RemoveOwnFolder(int systems, const std::string& name, bool finished) {
  const std::string dead_name = NewDeadName();
  if (renameat(systems, name.c_str(), systems, dead_name.c_str()) != 0) return errno;
  if (finished) EmptyAndRemove(systems, dead_name);
  return 0;
}

}  // namespace hcs::emulator
