// An owned file descriptor.

#ifndef HCS_CORE_PLATFORM_UNIQUE_FD_H_
#define HCS_CORE_PLATFORM_UNIQUE_FD_H_

#include <utility>

namespace hcs::platform {

// Closes its descriptor when it goes out of scope. Movable, not copyable; as
// thread-safe as an int.
class UniqueFd {
 public:
  UniqueFd() = default;
  explicit UniqueFd(int fd) : fd_(fd) {}
  UniqueFd(UniqueFd&& other) noexcept : fd_(other.release()) {}
  UniqueFd& operator=(UniqueFd&& other) noexcept {
    if (this != &other) reset(other.release());
    return *this;
  }
  UniqueFd(const UniqueFd&) = delete;
  UniqueFd& operator=(const UniqueFd&) = delete;
  ~UniqueFd() { reset(); }

  // -1 when nothing is owned.
  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

  // Gives the descriptor away: the caller closes it.
  [[nodiscard]] int release() { return std::exchange(fd_, -1); }

  // Closes what is owned, then owns `fd`. errno is left as it was.
  void reset(int fd = -1);

  // A close-on-exec duplicate, numbered 3 or higher, so that it can neither be
  // mistaken for a standard stream nor for "none". Empty on failure, with errno set.
  UniqueFd Duplicate() const;

 private:
  int fd_ = -1;
};

}  // namespace hcs::platform

#endif  // HCS_CORE_PLATFORM_UNIQUE_FD_H_
