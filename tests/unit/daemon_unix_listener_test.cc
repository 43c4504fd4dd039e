#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>

#include "absl/synchronization/notification.h"
#include "daemon/transport/unix_listener.h"

namespace hcs::transport {
namespace {

using platform::UniqueFd;

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = std::filesystem::temp_directory_path() / "hcsd-listener-XXXXXX";
    path_ = mkdtemp(pattern.data());
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  std::string socket() const { return path_ / "made" / "hcsd.sock"; }

 private:
  std::filesystem::path path_;
};

sockaddr_un AddressOf(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

UniqueFd Connect(const std::string& path) {
  UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const sockaddr_un address = AddressOf(path);
  if (connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    return UniqueFd();
  }
  return socket;
}

// A socket that nobody listens on any more, as a killed daemon leaves it.
void LeaveStaleSocket(const std::string& path) {
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  const UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const sockaddr_un address = AddressOf(path);
  REQUIRE(bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0);
}

TEST_CASE("a client is accepted and known") {
  const TemporaryFolder folder;
  auto listener = UnixListener::Bind(folder.socket(), 0600);
  REQUIRE(listener.ok());
  absl::Notification accepted;
  Caller caller;
  (*listener)->Start([&](UniqueFd connection, Caller from) {
    CHECK(connection);
    caller = std::move(from);
    accepted.Notify();
  });
  const UniqueFd client = Connect(folder.socket());
  REQUIRE(client);
  REQUIRE(accepted.WaitForNotificationWithTimeout(absl::Minutes(1)));
  CHECK(caller.name == "uid:" + std::to_string(getuid()));
  CHECK(caller.origin == "pid:" + std::to_string(getpid()));
}

TEST_CASE("the socket has the mode that was asked for, and goes with the listener") {
  const TemporaryFolder folder;
  {
    const auto listener = UnixListener::Bind(folder.socket(), 0640);
    REQUIRE(listener.ok());
    struct stat status {};
    REQUIRE(stat(folder.socket().c_str(), &status) == 0);
    CHECK((status.st_mode & 07777) == 0640);
  }
  CHECK_FALSE(std::filesystem::exists(folder.socket()));
}

TEST_CASE("a dead daemon's socket is replaced") {
  const TemporaryFolder folder;
  LeaveStaleSocket(folder.socket());
  CHECK(UnixListener::Bind(folder.socket(), 0600).ok());
}

TEST_CASE("a living daemon's socket is not") {
  const TemporaryFolder folder;
  const auto first = UnixListener::Bind(folder.socket(), 0600);
  REQUIRE(first.ok());
  const auto second = UnixListener::Bind(folder.socket(), 0600);
  CHECK(second.status().code() == absl::StatusCode::kAlreadyExists);
  CHECK(Connect(folder.socket()));
}

TEST_CASE("what is not a socket is left alone") {
  const TemporaryFolder folder;
  std::filesystem::create_directories(std::filesystem::path(folder.socket()).parent_path());
  std::ofstream(folder.socket()) << "mine";
  CHECK(UnixListener::Bind(folder.socket(), 0600).status().code() ==
        absl::StatusCode::kFailedPrecondition);
  CHECK(std::filesystem::is_regular_file(folder.socket()));
}

TEST_CASE("a path that a socket cannot have is refused") {
  const std::string path = "/tmp/" + std::string(200, 'x');
  CHECK(UnixListener::Bind(path, 0600).status().code() == absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace hcs::transport
