// The servers that are measured: each a process of its own, as in life.

#ifndef HCS_TESTS_BENCH_CHILD_PROCESS_H_
#define HCS_TESTS_BENCH_CHILD_PROCESS_H_

#include <sys/types.h>

#include <string>
#include <vector>

namespace hcs::bench {

// A temporary folder, removed with everything in it.
class ScratchFolder {
 public:
  ScratchFolder();
  ~ScratchFolder();

  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// Runs until this is destroyed, which sends SIGTERM and waits.
class ChildProcess {
 public:
  // Returns once the child has written its first line to standard output.
  // Throws std::runtime_error when it ends before that.
  explicit ChildProcess(const std::vector<std::string>& command_line);
  ~ChildProcess();

  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  pid_t pid() const { return pid_; }
  // Resident memory of its own, in bytes.
  double AnonymousBytes() const;

 private:
  pid_t pid_ = -1;
};

// Starts /bin/true and waits for its end.
void SpawnAndWait();

}  // namespace hcs::bench

#endif  // HCS_TESTS_BENCH_CHILD_PROCESS_H_
