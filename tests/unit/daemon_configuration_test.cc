#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "daemon/service/configuration.h"

namespace hcs::service {
namespace {

std::variant<Configuration, Exit> Read(std::vector<std::string> arguments) {
  std::vector<const char*> argv{"hcsd"};
  for (const std::string& argument : arguments) argv.push_back(argument.c_str());
  return ReadConfiguration(static_cast<int>(argv.size()), argv.data());
}

Configuration Accepted(const std::vector<std::string>& arguments) {
  auto read = Read(arguments);
  if (const auto* exit = std::get_if<Exit>(&read)) FAIL(exit->text);
  return std::get<Configuration>(read);
}

Exit Refused(const std::vector<std::string>& arguments) {
  const auto read = Read(arguments);
  REQUIRE(std::holds_alternative<Exit>(read));
  return std::get<Exit>(read);
}

class ConfigurationFile {
 public:
  explicit ConfigurationFile(const std::string& text) {
    path_ =
        std::filesystem::temp_directory_path() / ("hcsd-configuration-" + std::to_string(getpid()));
    std::ofstream(path_) << text;
  }
  ~ConfigurationFile() { std::filesystem::remove(path_); }
  std::string path() const { return path_; }

 private:
  std::filesystem::path path_;
};

TEST_CASE("flags are read, --listen as often as it is given") {
  const Configuration read =
      Accepted({"--listen", "unix:///a", "--listen", "tcp://127.0.0.1:0", "--state", "/s",
                "--call-threads", "3", "--drain-timeout", "1m30s", "--allow-insecure-remote"});
  CHECK(read.listen == std::vector<std::string>{"unix:///a", "tcp://127.0.0.1:0"});
  CHECK(read.state == "/s");
  CHECK(read.call_threads == 3);
  CHECK(read.drain_timeout == absl::Seconds(90));
  CHECK(read.allow_insecure_remote);
}

TEST_CASE("the file is read, and a flag goes before it") {
  const ConfigurationFile file(
      "# A comment.\nlisten = [\"unix:///f\", \"tcp://127.0.0.1:1\"]\nstate = \"/from/file\"\n"
      "journal-events = 7\noperation-timeout = \"5s\"\nallow-dll-host = true\n");
  const Configuration read = Accepted({"--config", file.path(), "--state", "/from/flag"});
  CHECK(read.listen == std::vector<std::string>{"unix:///f", "tcp://127.0.0.1:1"});
  CHECK(read.state == "/from/flag");
  CHECK(read.journal_events == 7);
  CHECK(read.operation_timeout == absl::Seconds(5));
  CHECK(read.allow_dll_host);
}

TEST_CASE("isolation is one of its words, by flag or file") {
  CHECK(Accepted({}).isolation == "auto");
  for (const std::string word : {"auto", "namespaces", "process"}) {
    CHECK(Accepted({"--isolation", word}).isolation == word);
  }
  const ConfigurationFile file("isolation = \"process\"\n");
  CHECK(Accepted({"--config", file.path()}).isolation == "process");
  CHECK(Accepted({"--config", file.path(), "--isolation", "auto"}).isolation == "auto");
}

TEST_CASE("a bad value names its flag and what is allowed") {
  const auto [arguments, flag, allowed] =
      GENERATE(table<std::vector<std::string>, std::string, std::string>({
          {{"--log-level", "loud"}, "--log-level", "debug"},
          {{"--call-threads", "0"}, "--call-threads", "4096"},
          {{"--call-threads", "many"}, "--call-threads", ""},
          {{"--isolation", "vm"}, "--isolation", "auto,namespaces,process"},
          {{"--isolation", ""}, "--isolation", "namespaces"},
          {{"--build-number", "7"}, "--build-number", "14393"},
          {{"--drain-timeout", "soon"}, "--drain-timeout", "30s"},
          {{"--drain-timeout", "-1s"}, "--drain-timeout", "24h"},
      }));
  const Exit exit = Refused(arguments);
  CHECK(exit.status == 2);
  CHECK(exit.text.find(flag) != std::string::npos);
  CHECK(exit.text.find(allowed) != std::string::npos);
}

TEST_CASE("what there is not is refused by name") {
  CHECK(Refused({"--nonsense"}).text.find("--nonsense") != std::string::npos);
  CHECK(Refused({"--config", "/no/such/file"}).text.find("/no/such/file") != std::string::npos);
  const ConfigurationFile file("state = \"/s\"\nnonsense = 1\n");
  const Exit exit = Refused({"--config", file.path()});
  CHECK(exit.status == 2);
  CHECK(exit.text.find("nonsense") != std::string::npos);
}

TEST_CASE("a bad value in the file names its key") {
  const ConfigurationFile file("call-threads = \"none\"\n");
  CHECK(Refused({"--config", file.path()}).text.find("call-threads") != std::string::npos);
}

TEST_CASE("help and version are no errors") {
  CHECK(Refused({"--help"}).status == 0);
  CHECK(Refused({"--help"}).text.find("--drain-timeout") != std::string::npos);
  CHECK(Refused({"--version"}).text.starts_with("hcsd "));
}

}  // namespace
}  // namespace hcs::service
