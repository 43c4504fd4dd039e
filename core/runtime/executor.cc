#include "core/runtime/executor.h"

#include <utility>

#include "core/runtime/thread_name.h"

namespace hcs::runtime {

ThreadPool::ThreadPool(std::string name, size_t maximum)
    : name_(std::move(name)), maximum_(maximum) {}

ThreadPool::~ThreadPool() { Stop(); }

void ThreadPool::Stop() {
  std::vector<std::thread> threads;
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
    threads.swap(threads_);
  }
  for (std::thread& thread : threads) thread.join();
  std::deque<Task> dropped;
  absl::MutexLock lock(&mutex_);
  stopped_ = true;
  dropped.swap(queue_);
}

void ThreadPool::Post(Task task) {
  absl::MutexLock lock(&mutex_);
  if (stopped_) return;
  queue_.push_back(std::move(task));
  // The threads that are left run what their tasks post.
  if (!stopping_ && queue_.size() > idle_ && threads_.size() < maximum_) {
    threads_.emplace_back([this] { Run(); });
  }
}

size_t ThreadPool::threads() const {
  absl::MutexLock lock(&mutex_);
  return threads_.size();
}

size_t ThreadPool::queued() const {
  absl::MutexLock lock(&mutex_);
  return queue_.size();
}

void ThreadPool::Run() {
  NameThisThread(name_);
  const auto has_work = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return stopping_ || !queue_.empty();
  };
  while (true) {
    Task task;
    {
      absl::MutexLock lock(&mutex_);
      ++idle_;
      mutex_.Await(absl::Condition(&has_work));
      --idle_;
      if (queue_.empty()) return;
      task = std::move(queue_.front());
      queue_.pop_front();
    }
    std::move(task)();
  }
}

// Outlives the executor while tasks are queued.
struct SerialExecutor::Queue : std::enable_shared_from_this<Queue> {
  explicit Queue(ThreadPool& pool_in) : pool(pool_in) {}

  void Post(Task task);
  // Runs what is queued, then makes way for other strands before it goes on.
  void RunBatch();

  ThreadPool& pool;
  absl::Mutex mutex;
  // A vector, as an empty one costs nothing.
  std::vector<Task> tasks ABSL_GUARDED_BY(mutex);
  bool scheduled ABSL_GUARDED_BY(mutex) = false;
};

void SerialExecutor::Queue::Post(Task task) {
  {
    absl::MutexLock lock(&mutex);
    tasks.push_back(std::move(task));
    if (std::exchange(scheduled, true)) return;
  }
  pool.Post([self = shared_from_this()] { self->RunBatch(); });
}

void SerialExecutor::Queue::RunBatch() {
  std::vector<Task> batch;
  {
    absl::MutexLock lock(&mutex);
    batch.swap(tasks);
  }
  for (Task& task : batch) {
    std::move(task)();
    task = nullptr;
  }
  {
    absl::MutexLock lock(&mutex);
    scheduled = !tasks.empty();
    if (!scheduled) return;
  }
  pool.Post([self = shared_from_this()] { self->RunBatch(); });
}

SerialExecutor::SerialExecutor(ThreadPool& pool) : queue_(std::make_shared<Queue>(pool)) {}

void SerialExecutor::Post(Task task) { queue_->Post(std::move(task)); }

}  // namespace hcs::runtime
