#include "daemon/service/logging.h"

#include <memory>

#include "absl/strings/str_cat.h"
#include "grpc/support/log.h"
#include "spdlog/sinks/basic_file_sink.h"
#include "spdlog/sinks/stdout_color_sinks.h"
#include "spdlog/spdlog.h"

namespace hcs::service {
namespace {

// gRPC reports as errors what is a matter of its connections and clients alone.
void LogForGrpc(gpr_log_func_args* message) {
  const auto level =
      message->severity == GPR_LOG_SEVERITY_ERROR ? spdlog::level::warn : spdlog::level::debug;
  spdlog::log(level, "grpc: {} ({}:{})", message->message, message->file, message->line);
}

std::shared_ptr<spdlog::logger> NewLogger(const std::string& file) {
  if (file.empty()) {
    return std::make_shared<spdlog::logger>(
        "hcsd", std::make_shared<spdlog::sinks::stderr_color_sink_mt>());
  }
  return std::make_shared<spdlog::logger>(
      "hcsd", std::make_shared<spdlog::sinks::basic_file_sink_mt>(file));
}

}  // namespace

absl::Status StartLogging(const std::string& level, const std::string& file) {
  try {
    auto logger = NewLogger(file);
    logger->set_pattern("%Y-%m-%dT%H:%M:%S.%f%z %l [%t] %v");
    logger->set_level(spdlog::level::from_str(level));
    logger->flush_on(spdlog::level::trace);
    spdlog::set_default_logger(std::move(logger));
  } catch (const spdlog::spdlog_ex& error) {
    return absl::InvalidArgumentError(absl::StrCat("--log-file: ", error.what()));
  }
  gpr_set_log_function(&LogForGrpc);
  return absl::OkStatus();
}

}  // namespace hcs::service
