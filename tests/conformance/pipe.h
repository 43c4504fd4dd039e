// A process' pipe, as the host hands it out.

#ifndef HCS_TESTS_CONFORMANCE_PIPE_H_
#define HCS_TESTS_CONFORMANCE_PIPE_H_

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "core/abi/vmcompute.h"

namespace hcs::conformance {

// Owns the handle. Reads and writes block.
class Pipe {
 public:
  Pipe() = default;
  explicit Pipe(abi::HANDLE handle) : handle_(handle) {}
  Pipe(Pipe&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Pipe& operator=(Pipe&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~Pipe() { Close(); }

  abi::HANDLE handle() const { return handle_; }
  void Close();

  // Up to `size` bytes; 0 at the end of the stream.
  size_t Read(char* buffer, size_t size);
  std::string ReadLine();  // With its end; less at the end of the stream.
  std::string ReadToEnd();
  bool Write(std::string_view text);

  // Whether a read would return within `patience`.
  bool IsReadable(std::chrono::milliseconds patience);

 private:
  abi::HANDLE handle_ = nullptr;
};

}  // namespace hcs::conformance

#endif  // HCS_TESTS_CONFORMANCE_PIPE_H_
