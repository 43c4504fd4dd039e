#include "core/runtime/state_message.h"

#include <string>
#include <system_error>

#include "absl/status/statusor.h"
#include "core/runtime/state_file.h"
#include "google/protobuf/util/json_util.h"

namespace hcs::runtime {

absl::Status ReadStateMessage(const std::filesystem::path& path,
                              google::protobuf::Message* message) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return absl::OkStatus();
  const absl::StatusOr<std::string> content = ReadStateFile(path);
  if (!content.ok()) return content.status();
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = true;
  const auto parsed = google::protobuf::util::JsonStringToMessage(*content, message, options);
  return parsed.ok() ? absl::OkStatus() : absl::DataLossError(std::string(parsed.message()));
}

absl::Status ReplaceStateMessage(const std::filesystem::path& path,
                                 const google::protobuf::Message& message) {
  std::string json;
  const auto printed = google::protobuf::util::MessageToJsonString(message, &json);
  if (!printed.ok()) return absl::InternalError(std::string(printed.message()));
  return ReplaceStateFile(path, json);
}

std::filesystem::path SetStateFileAside(const std::filesystem::path& path) {
  std::filesystem::path aside = path;
  aside += ".corrupt";
  std::error_code error;
  std::filesystem::rename(path, aside, error);
  return aside;
}

}  // namespace hcs::runtime
