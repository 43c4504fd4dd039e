#include "daemon/rpc/parse_log.h"

#include "absl/strings/strip.h"
#include "google/protobuf/stubs/logging.h"
#include "spdlog/spdlog.h"

namespace hcs::rpc {
namespace {

thread_local ParseLog* current = nullptr;

void Handle(google::protobuf::LogLevel level, const char* file, int line,
            const std::string& message) {
  if (current != nullptr) {
    current->Add(message);
  } else if (level >= google::protobuf::LOGLEVEL_WARNING) {
    spdlog::warn("protobuf: {} ({}:{})", message, file, line);
  }
}

}  // namespace

ParseLog::ParseLog() {
  [[maybe_unused]] static const auto previous = google::protobuf::SetLogHandler(&Handle);
  current = this;
}

ParseLog::~ParseLog() { current = nullptr; }

std::string ParseLog::FieldWithInvalidUtf8() const {
  constexpr std::string_view kBefore = "String field '";
  constexpr std::string_view kAfter = "' contains invalid UTF-8";
  const size_t before = lines_.find(kBefore);
  const size_t after = lines_.find(kAfter);
  if (before == std::string::npos || after == std::string::npos) return {};
  const size_t start = before + kBefore.size();
  return std::string(absl::StripPrefix(lines_.substr(start, after - start), "hcs.v1."));
}

}  // namespace hcs::rpc
