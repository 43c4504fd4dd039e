#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "daemon/transport/unix_listener.h"
#include "spdlog/spdlog.h"

namespace hcs::transport {
namespace {

using platform::UniqueFd;

// How long accepting rests when the daemon has no descriptor left.
constexpr int kRestMilliseconds = 100;

absl::Status Failed(const std::string& path, const char* what) {
  return absl::ErrnoToStatus(errno, absl::StrCat("unix://", path, ": ", what));
}

sockaddr_un AddressOf(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

UniqueFd NewSocket() { return UniqueFd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)); }

uint64_t InodeOf(const std::string& path) {
  struct stat status {};
  return lstat(path.c_str(), &status) == 0 ? status.st_ino : 0;
}

// Holds the folder's lock, so that of two daemons that find a stale socket only
// one replaces it.
absl::StatusOr<UniqueFd> LockFolder(const std::string& path) {
  const auto folder = std::filesystem::path(path).parent_path();
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return absl::ErrnoToStatus(error.value(), absl::StrCat(folder.string(), ": create"));
  UniqueFd lock(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!lock || flock(lock.get(), LOCK_EX) != 0) return Failed(folder, "lock");
  return lock;
}

// Under the folder's lock.
absl::Status RemoveStale(const std::string& path) {
  struct stat status {};
  if (lstat(path.c_str(), &status) != 0) {
    return errno == ENOENT ? absl::OkStatus() : Failed(path, "stat");
  }
  if (!S_ISSOCK(status.st_mode)) {
    return absl::FailedPreconditionError(
        absl::StrCat("unix://", path, ": there is something that is not a socket"));
  }
  const UniqueFd probe = NewSocket();
  const sockaddr_un address = AddressOf(path);
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);
  if (connect(probe.get(), generic, sizeof(address)) == 0) {
    return absl::AlreadyExistsError(
        absl::StrCat("unix://", path, ": another daemon listens there already"));
  }
  if (errno != ECONNREFUSED) return Failed(path, "cannot tell whether another daemon listens");
  if (unlink(path.c_str()) != 0) return Failed(path, "remove the stale socket");
  return absl::OkStatus();
}

absl::StatusOr<UniqueFd> BoundSocket(const std::string& path, uint32_t mode) {
  if (path.size() >= sizeof(sockaddr_un::sun_path)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "unix://", path, ": at most ", sizeof(sockaddr_un::sun_path) - 1, " bytes are allowed"));
  }
  const auto lock = LockFolder(path);
  if (!lock.ok()) return lock.status();
  if (absl::Status status = RemoveStale(path); !status.ok()) return status;
  UniqueFd socket = NewSocket();
  const sockaddr_un address = AddressOf(path);
  if (!socket ||
      bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    return Failed(path, "bind");
  }
  if (chmod(path.c_str(), mode) != 0) return Failed(path, "set the mode");
  if (listen(socket.get(), SOMAXCONN) != 0) return Failed(path, "listen");
  return socket;
}

Caller CallerOf(int connection) {
  ucred credentials{};
  socklen_t size = sizeof(credentials);
  getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &credentials, &size);
  return Caller{.name = absl::StrCat("uid:", credentials.uid),
                .origin = absl::StrCat("pid:", credentials.pid)};
}

}  // namespace

absl::StatusOr<std::unique_ptr<UnixListener>> UnixListener::Bind(const std::string& path,
                                                                 uint32_t mode) {
  auto socket = BoundSocket(path, mode);
  if (!socket.ok()) return socket.status();
  UniqueFd stop(eventfd(0, EFD_CLOEXEC));
  if (!stop) return Failed(path, "eventfd");
  return std::unique_ptr<UnixListener>(new UnixListener(path, *std::move(socket), std::move(stop)));
}

UnixListener::UnixListener(std::string path, UniqueFd socket, UniqueFd stop)
    : path_(std::move(path)),
      socket_(std::move(socket)),
      stop_(std::move(stop)),
      inode_(InodeOf(path_)) {}

UnixListener::~UnixListener() {
  eventfd_write(stop_.get(), 1);
  if (thread_.joinable()) thread_.join();
  const auto lock = LockFolder(path_);
  if (lock.ok() && InodeOf(path_) == inode_) unlink(path_.c_str());
}

void UnixListener::Start(Accepted accepted) {
  accepted_ = std::move(accepted);
  thread_ = std::thread([this] { Run(); });
}

void UnixListener::Run() {
  std::array<pollfd, 2> waited{
      {{.fd = stop_.get(), .events = POLLIN}, {.fd = socket_.get(), .events = POLLIN}}};
  while (true) {
    poll(waited.data(), waited.size(), -1);
    if (waited[0].revents != 0) return;
    if (waited[1].revents != 0) AcceptOne();
  }
}

void UnixListener::AcceptOne() {
  UniqueFd connection(accept4(socket_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (connection) {
    Caller caller = CallerOf(connection.get());
    return accepted_(std::move(connection), std::move(caller));
  }
  if (errno != EMFILE && errno != ENFILE && errno != ENOBUFS && errno != ENOMEM) return;
  spdlog::error("unix://{}: cannot accept a connection: {}", path_, std::strerror(errno));
  pollfd stop{.fd = stop_.get(), .events = POLLIN};
  poll(&stop, 1, kRestMilliseconds);
}

}  // namespace hcs::transport
