#include "core/runtime/state_lines.h"

#include <charconv>
#include <utility>

#include "absl/strings/str_cat.h"
#include "google/protobuf/util/json_util.h"

namespace hcs::runtime {
namespace {

constexpr std::string_view kContainer = R"({"container":)";
constexpr std::string_view kProcess = R"({"process":)";
constexpr std::string_view kIs = R"(,"is":)";
constexpr std::string_view kRemoved = R"("removed")";
constexpr std::string_view kEnd = "}";

bool ConsumePrefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

bool ConsumeNumber(std::string_view& text, uint32_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return false;
  text.remove_prefix(end - text.data());
  return true;
}

// What stands between a line's beginning, which has been consumed, and its end.
bool ConsumeEnd(std::string_view& text) {
  if (!text.ends_with(kEnd)) return false;
  text.remove_suffix(kEnd.size());
  return true;
}

absl::StatusOr<std::string> JsonOf(const google::protobuf::Message& message) {
  std::string json;
  const auto status = google::protobuf::util::MessageToJsonString(message, &json);
  if (!status.ok()) return absl::InvalidArgumentError(status.ToString());
  return json;
}

absl::Status ParseJson(std::string_view json, google::protobuf::Message* message) {
  google::protobuf::util::JsonParseOptions options;
  // A newer daemon may have written it.
  options.ignore_unknown_fields = true;
  const auto status =
      google::protobuf::util::JsonStringToMessage({json.data(), json.size()}, message, options);
  if (!status.ok()) return absl::DataLossError(status.ToString());
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> ContainerLine(const v1::Container& container) {
  absl::StatusOr<std::string> json = JsonOf(container);
  if (!json.ok()) return json.status();
  return std::string(kContainer).append(*json).append(kEnd).append("\n");
}

absl::StatusOr<std::string> ProcessLine(const v1::Process& process) {
  absl::StatusOr<std::string> json = JsonOf(process);
  if (!json.ok()) return json.status();
  return std::string(kProcess)
      .append(std::to_string(process.process_id()))
      .append(kIs)
      .append(*json)
      .append(kEnd)
      .append("\n");
}

std::string RemovedProcessLine(uint32_t process_id) {
  return std::string(kProcess)
      .append(std::to_string(process_id))
      .append(kIs)
      .append(kRemoved)
      .append(kEnd)
      .append("\n");
}

absl::StatusOr<StateLines> StateLines::Read(std::string_view text) {
  StateLines lines;
  for (size_t number = 1;; ++number) {
    const size_t end = text.find('\n', lines.whole_bytes_);
    if (end == text.npos) break;
    const std::string_view line = text.substr(lines.whole_bytes_, end - lines.whole_bytes_);
    lines.whole_bytes_ = end + 1;
    std::string_view rest = line;
    uint32_t process_id = 0;
    if (ConsumePrefix(rest, kContainer) && ConsumeEnd(rest)) {
      lines.container_ = line;
    } else if (ConsumePrefix(rest, kProcess) && ConsumeNumber(rest, process_id) &&
               ConsumePrefix(rest, kIs) && ConsumeEnd(rest)) {
      if (rest == kRemoved) {
        lines.processes_.erase(process_id);
      } else {
        lines.processes_[process_id] = line;
      }
    } else {
      return absl::DataLossError(absl::StrCat("line ", number, " is damaged"));
    }
  }
  if (lines.container_.empty()) return absl::DataLossError("it tells of no container");
  return lines;
}

std::string StateLines::Compacted() const {
  std::string text(container_);
  text += '\n';
  for (const auto& [process_id, line] : processes_) text.append(line).append("\n");
  return text;
}

absl::StatusOr<StoredContainer> StateLines::Parse() const {
  StoredContainer stored;
  std::string_view json = container_;
  ConsumePrefix(json, kContainer);
  ConsumeEnd(json);
  if (absl::Status status = ParseJson(json, &stored.container); !status.ok()) return status;
  for (const auto& [process_id, line] : processes_) {
    json = line.substr(line.find(kIs) + kIs.size());
    ConsumeEnd(json);
    v1::Process& process = stored.processes.emplace_back();
    if (absl::Status status = ParseJson(json, &process); !status.ok()) return status;
    if (process.process_id() != process_id) return absl::DataLossError("a process has two ids");
  }
  return stored;
}

}  // namespace hcs::runtime
