#include "core/host/notification.h"

#include <array>
#include <atomic>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "core/host/notification_router.h"
#include "core/platform/unicode.h"

namespace hcs::host {
namespace {

// Where notifications with one key go. Thread-safe.
class Destination {
 public:
  explicit Destination(NotificationSink sink) : sink_(std::move(sink)) {}

  void Deliver(Notification notification) {
    absl::MutexLock lock(&mutex_);
    if (sink_ != nullptr) sink_(std::move(notification));
  }

  // Waits for a sink that is running; it does not run again.
  void Retire() {
    NotificationSink retired;
    absl::MutexLock lock(&mutex_);
    std::swap(retired, sink_);
  }

 private:
  absl::Mutex mutex_;
  NotificationSink sink_ ABSL_GUARDED_BY(mutex_);
};

// Every destination of the process, by key. Keys are not used twice.
class Destinations {
 public:
  using Key = uintptr_t;

  // Never destroyed: the host's threads may come at any time.
  static Destinations& Get() {
    static auto& destinations = *std::make_unique<Destinations>().release();
    return destinations;
  }

  Key Add(std::shared_ptr<Destination> destination) {
    const Key key = next_key_.fetch_add(1, std::memory_order_relaxed);
    Shard& shard = ShardOf(key);
    absl::MutexLock lock(&shard.mutex);
    shard.destinations.emplace(key, std::move(destination));
    return key;
  }

  // Null when there is none, or no longer.
  std::shared_ptr<Destination> Find(Key key) {
    Shard& shard = ShardOf(key);
    absl::MutexLock lock(&shard.mutex);
    const auto found = shard.destinations.find(key);
    return found == shard.destinations.end() ? nullptr : found->second;
  }

  void Retire(Key key) {
    std::shared_ptr<Destination> destination;
    {
      Shard& shard = ShardOf(key);
      absl::MutexLock lock(&shard.mutex);
      if (auto node = shard.destinations.extract(key)) destination = std::move(node.mapped());
    }
    if (destination != nullptr) destination->Retire();
  }

 private:
  struct Shard {
    absl::Mutex mutex;
    absl::flat_hash_map<Key, std::shared_ptr<Destination>> destinations ABSL_GUARDED_BY(mutex);
  };
  static constexpr size_t kShards = 16;

  Shard& ShardOf(Key key) { return shards_[key % kShards]; }

  std::atomic<Key> next_key_{1};
  std::array<Shard, kShards> shards_;
};

void OnNotification(uint32_t type, void* context, abi::HRESULT status, abi::PCWSTR data) {
  const auto key = reinterpret_cast<Destinations::Key>(context);
  const auto destination = Destinations::Get().Find(key);
  if (destination == nullptr) return;
  destination->Deliver(
      {type, status, data == nullptr ? std::string() : platform::Utf16ToUtf8(data)});
}

}  // namespace

struct Registration::State {
  Destinations::Key key = 0;
  abi::HCS_CALLBACK handle = nullptr;
  NotificationRouter::Unregistrar unregistrar;
};

Registration::Registration() = default;
Registration::Registration(std::unique_ptr<State> state) : state_(std::move(state)) {}
Registration::~Registration() { Unregister(); }
Registration::Registration(Registration&& other) noexcept = default;

Registration& Registration::operator=(Registration&& other) noexcept {
  if (this != &other) {
    Unregister();
    state_ = std::move(other.state_);
  }
  return *this;
}

void Registration::Unregister() {
  const auto state = std::move(state_);
  if (state == nullptr) return;
  std::move(state->unregistrar)(state->handle);
  Destinations::Get().Retire(state->key);
}

absl::StatusOr<Registration> NotificationRouter::Register(NotificationSink sink,
                                                          Registrar registrar,
                                                          Unregistrar unregistrar) {
  auto state = std::make_unique<Registration::State>();
  // Before the host knows of it: the first notification may come at once.
  state->key = Destinations::Get().Add(std::make_shared<Destination>(std::move(sink)));
  state->unregistrar = std::move(unregistrar);
  const auto registered =
      registrar(&OnNotification, reinterpret_cast<void*>(state->key), &state->handle);
  if (!registered.ok()) {
    Destinations::Get().Retire(state->key);
    return registered.status();
  }
  return Registration(std::move(state));
}

}  // namespace hcs::host
