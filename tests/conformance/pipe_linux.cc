#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

#include "tests/conformance/pipe.h"

namespace hcs::conformance {
namespace {

// On this system the table's handles carry file descriptors.
int Descriptor(abi::HANDLE handle) { return static_cast<int>(reinterpret_cast<intptr_t>(handle)); }

}  // namespace

void Pipe::Close() {
  if (handle_ != nullptr) close(Descriptor(std::exchange(handle_, nullptr)));
}

size_t Pipe::Read(char* buffer, size_t size) {
  ssize_t count = 0;
  do {
    count = read(Descriptor(handle_), buffer, size);
  } while (count < 0 && errno == EINTR);
  return count > 0 ? static_cast<size_t>(count) : 0;
}

bool Pipe::Write(std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = write(Descriptor(handle_), text.data(), text.size());
    if (count < 0 && errno != EINTR) return false;
    if (count > 0) text.remove_prefix(static_cast<size_t>(count));
  }
  return true;
}

bool Pipe::IsReadable(std::chrono::milliseconds patience) {
  pollfd entry = {.fd = Descriptor(handle_), .events = POLLIN, .revents = 0};
  return poll(&entry, 1, static_cast<int>(patience.count())) > 0;
}

}  // namespace hcs::conformance
