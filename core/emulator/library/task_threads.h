// A few threads for work that may block for a moment.

#ifndef HCS_CORE_EMULATOR_LIBRARY_TASK_THREADS_H_
#define HCS_CORE_EMULATOR_LIBRARY_TASK_THREADS_H_

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace hcs::emulator {

// Thread-safe.
class TaskThreads {
 public:
  explicit TaskThreads(size_t threads);

  ~TaskThreads();

  TaskThreads(const TaskThreads&) = delete;
  TaskThreads& operator=(const TaskThreads&) = delete;

  void Post(std::function<void()> task);

  // Runs what has been posted, and then ends the threads. Idempotent.
  void Finish();

 private:
  void Run();

  std::mutex mutex_;
  std::condition_variable work_;
  std::deque<std::function<void()>> tasks_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_LIBRARY_TASK_THREADS_H_
