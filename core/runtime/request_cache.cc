#include "core/runtime/request_cache.h"

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/node_hash_map.h"
#include "absl/hash/hash.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"

namespace hcs::runtime {
namespace {

// Of a request's content. Two requests of one caller that are not the same and
// have the same print would need a coincidence of 1 in 2^64.
struct Print {
  size_t size;
  size_t hash;
  friend bool operator==(const Print&, const Print&) = default;
};

Print PrintOf(const google::protobuf::Message& request) {
  std::string content;
  {
    google::protobuf::io::StringOutputStream stream(&content);
    google::protobuf::io::CodedOutputStream coded(&stream);
    // Or the order of a map's entries would make another content of it.
    coded.SetSerializationDeterministic(true);
    request.SerializeToCodedStream(&coded);
  }
  return {.size = content.size(), .hash = absl::HashOf(content)};
}

bool IsKept(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kCancelled:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kResourceExhausted: return false;
    default: return true;
  }
}

}  // namespace

struct RequestCache::Entry {
  Print print;
  // Of the first call and of the same ones that came meanwhile.
  std::vector<Waiter> waiters = {};
  // Once the first call has finished.
  std::optional<Answer> answer = std::nullopt;
};

struct RequestCache::Core {
  Core(const Limits& limits_in, Clock clock_in) : limits(limits_in), clock(std::move(clock_in)) {}

  using Entries = absl::node_hash_map<std::string, Entry>;

  // An entry's share of the limit. An answer's status may have payloads; they
  // are small, and counted as if they were as large as the message.
  static size_t BytesOf(const Entries::value_type& entry) {
    const auto& [key, value] = entry;
    size_t bytes = sizeof(entry) + key.size();
    if (value.answer && value.answer->ok()) bytes += (*value.answer)->size();
    if (value.answer && !value.answer->ok()) bytes += 2 * value.answer->status().message().size();
    return bytes;
  }

  void DropOldest() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) {
    const auto entry = entries.find(finished.front().key);
    bytes -= BytesOf(*entry);
    entries.erase(entry);
    finished.pop_front();
  }

  void DropExpired() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) {
    const absl::Time now = clock();
    while (!finished.empty() && now - finished.front().time >= limits.kept) DropOldest();
  }

  const Limits limits;
  const Clock clock;

  absl::Mutex mutex;
  Entries entries ABSL_GUARDED_BY(mutex);
  size_t bytes ABSL_GUARDED_BY(mutex) = 0;
  struct Finished {
    absl::Time time;
    absl::string_view key;  // The entry's own.
  };
  // Oldest first.
  std::deque<Finished> finished ABSL_GUARDED_BY(mutex);
};

RequestCache::RequestCache(const Limits& limits, Clock clock)
    : core_(std::make_shared<Core>(limits, std::move(clock))) {}

RequestCache::~RequestCache() = default;

std::string RequestCache::KeyOf(const CallContext& context,
                                const google::protobuf::Message& request,
                                const std::string& request_id) {
  return absl::StrCat(context.caller, absl::string_view("\0", 1),
                      request.GetDescriptor()->full_name(), absl::string_view("\0", 1), request_id);
}

bool RequestCache::Begin(Core& core, const std::string& key,
                         const google::protobuf::Message& request, Waiter waiter) {
  const Print print = PrintOf(request);
  Answer answer;
  {
    absl::MutexLock lock(&core.mutex);
    core.DropExpired();
    if (const auto found = core.entries.find(key); found == core.entries.end()) {
      while (core.entries.size() >= core.limits.entries && !core.finished.empty()) {
        core.DropOldest();
      }
      if (core.entries.size() < core.limits.entries) {
        const auto entry = core.entries.emplace(key, Entry{.print = print}).first;
        core.bytes += Core::BytesOf(*entry);
        return true;
      }
      answer = absl::ResourceExhaustedError(
          absl::StrCat("too many calls with a request_id are under way: ", core.entries.size()));
    } else if (Entry& entry = found->second; entry.print != print) {
      answer = absl::AlreadyExistsError("request_id: was used for a call with other content");
    } else if (!entry.answer) {
      entry.waiters.push_back(std::move(waiter));
      return false;
    } else {
      answer = *entry.answer;
    }
  }
  std::move(waiter)(answer);
  return false;
}

void RequestCache::Finish(Core& core, const std::string& key, Answer answer) {
  std::vector<Waiter> waiters;
  {
    absl::MutexLock lock(&core.mutex);
    const auto entry = core.entries.find(key);
    waiters.swap(entry->second.waiters);
    core.bytes -= Core::BytesOf(*entry);
    if (IsKept(answer.status().code())) {
      entry->second.answer = answer;
      core.bytes += Core::BytesOf(*entry);
      core.finished.push_back({.time = core.clock(), .key = entry->first});
      while (core.bytes > core.limits.bytes && !core.finished.empty()) core.DropOldest();
    } else {
      core.entries.erase(entry);
    }
  }
  for (Waiter& waiter : waiters) std::move(waiter)(answer);
}

}  // namespace hcs::runtime
