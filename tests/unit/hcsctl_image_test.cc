#include <google/protobuf/util/message_differencer.h>

#include <CLI/CLI.hpp>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "client/hcsctl/commands.h"
#include "client/hcsctl/image_container.h"
#include "client/hcsctl/image_text.h"
#include "client/hcsctl/own_words.h"

namespace hcs::ctl {
namespace {

using Words = std::vector<std::string>;

SplitWords Split(const Words& words) {
  Invocation invocation;
  CLI::App app("", "hcsctl");
  app.add_option("--address", invocation.address);
  AddRunCommand(app, invocation);
  AddCreateCommand(app, invocation);
  AddExecCommand(app, invocation);
  return SplitOwnWords(app, words);
}

TEST_CASE("what follows an image is a command, whatever it looks like") {
  const Words image = {"run",      "--rm",  "-e",       "A=1", "-it",
                       "--name=x", "-wtmp", "--memory", "5",   "busybox"};
  Words words = image;
  for (const char* word : {"sh", "-c", "echo", "--rm", "--", "-e"}) words.emplace_back(word);
  SplitWords split = Split(words);
  CHECK(split.own == image);
  CHECK(split.command == Words{"sh", "-c", "echo", "--rm", "--", "-e"});
  CHECK(Split({"--address", "run", "run", "busybox", "--", "sh"}).own ==
        Words{"--address", "run", "run", "busybox"});
  CHECK(Split({"run", "busybox", "--", "sh", "--"}).command == Words{"sh", "--"});
  CHECK(!Split({"run", "--rm", "busybox"}).command.has_value());
  CHECK(Split({"create", "busybox", "sh"}).command == Words{"sh"});
}

TEST_CASE("what follows -- is a command of the host's") {
  const SplitWords split = Split({"run", "--rm", "--", "cmd", "/c", "--"});
  CHECK(split.own == Words{"run", "--rm"});
  CHECK(split.command == Words{"cmd", "/c", "--"});
  // Other commands have words of their own.
  CHECK(Split({"exec", "box", "ls", "-l"}).own.size() == 4);
  CHECK(Split({"exec", "box", "--", "ls", "-l"}).command == Words{"ls", "-l"});
  CHECK(!Split({"run", "--name"}).command.has_value());
}

v1::GetImageResponse Image(const std::string& os) {
  v1::GetImageResponse image;
  image.mutable_image()->mutable_platform()->set_os(os);
  image.mutable_image()->add_references("docker.io/library/x:1");
  v1::ImageExecution& execution = *image.mutable_configuration()->mutable_config();
  execution.add_entrypoint("/entry");
  execution.add_entrypoint("first");
  execution.add_cmd("from image");
  execution.add_env("A=image");
  execution.add_env("B=image");
  execution.set_user("web:www");
  execution.set_working_dir("/srv");
  return image;
}

Words ArgumentsOf(const absl::StatusOr<v1::ProcessConfig>& process) {
  REQUIRE(process.ok());
  return {process->command_args().begin(), process->command_args().end()};
}

TEST_CASE("entrypoint and command go before one another as docker has it") {
  const v1::GetImageResponse image = Image("linux");
  CHECK(ArgumentsOf(ImageProcessFor(image, std::nullopt, {}, {})) ==
        Words{"/entry", "first", "from image"});
  CHECK(ArgumentsOf(ImageProcessFor(image, std::nullopt, {"mine", "-x"}, {})) ==
        Words{"/entry", "first", "mine", "-x"});
  CHECK(ArgumentsOf(ImageProcessFor(image, "own", {}, {})) == Words{"own"});
  CHECK(ArgumentsOf(ImageProcessFor(image, "own", {"mine"}, {})) == Words{"own", "mine"});
  CHECK(ArgumentsOf(ImageProcessFor(image, "", {"mine"}, {})) == Words{"mine"});
  const auto nothing = ImageProcessFor(image, "", {}, {});
  CHECK(absl::IsInvalidArgument(nothing.status()));
}

TEST_CASE("what the user says goes before what the image says") {
  const v1::GetImageResponse image = Image("linux");
  const auto of_image = ImageProcessFor(image, std::nullopt, {}, {});
  REQUIRE(of_image.ok());
  CHECK(of_image->user() == "web:www");
  CHECK(of_image->working_directory() == "/srv");
  CHECK(of_image->environment().at("A") == "image");
  ProcessOptions options;
  options.environment = {"A=mine", "C=mine"};
  options.user = "root";
  options.working_directory = "/tmp";
  const auto mine = ImageProcessFor(image, std::nullopt, {}, options);
  REQUIRE(mine.ok());
  CHECK(mine->user() == "root");
  CHECK(mine->working_directory() == "/tmp");
  CHECK(mine->environment().at("A") == "mine");
  CHECK(mine->environment().at("B") == "image");
  CHECK(mine->environment().at("C") == "mine");
}

TEST_CASE("a process of a Windows image has a command line") {
  v1::GetImageResponse image = Image("windows");
  CHECK(ImageProcessFor(image, std::nullopt, {"a b"}, {})->command_line() ==
        "/entry first \"a b\"");
  image.mutable_configuration()->mutable_config()->set_args_escaped(true);
  CHECK(ImageProcessFor(image, std::nullopt, {}, {})->command_line() == "/entry first from image");
}

TEST_CASE("a process is kept in a label, and gives exec its defaults") {
  const auto process = ImageProcessFor(Image("linux"), std::nullopt, {}, {});
  v1::CreateContainerRequest request;
  REQUIRE(AddProcessLabel(*process, &request).ok());
  v1::Container container;
  *container.mutable_labels() = request.labels();
  CHECK(google::protobuf::util::MessageDifferencer::Equals(*LabelledProcess(container), *process));
  v1::ProcessConfig other;
  other.set_user("root");
  (*other.mutable_environment())["A"] = "other";
  AddDefaults(container, &other);
  CHECK(other.user() == "root");
  CHECK(other.working_directory() == "/srv");
  CHECK(other.environment().at("A") == "other");
  CHECK(other.environment().at("B") == "image");
  v1::ProcessConfig long_one;
  long_one.set_command_line(std::string(5000, 'x'));
  CHECK(absl::IsInvalidArgument(AddProcessLabel(long_one, &request)));
  CHECK(!LabelledProcess(v1::Container()).has_value());
}

TEST_CASE("images' names and platforms as people write them") {
  CHECK(FamiliarName("docker.io/library/busybox:latest") == "busybox:latest");
  CHECK(FamiliarName("docker.io/library/a/b:1") == "library/a/b:1");
  CHECK(FamiliarName("localhost/x:1") == "localhost/x:1");
  CHECK(ShortId("sha256:0123456789abcdef") == "0123456789ab");
  const auto platform = ParsePlatform("windows:10.0.17763/amd64");
  REQUIRE(platform.ok());
  CHECK(PlatformText(*platform) == "windows/amd64 10.0.17763");
  CHECK(PlatformText(*ParsePlatform("linux/arm/v7")) == "linux/arm/v7");
  for (const char* text : {"", "/amd64", "a/b/c/d"}) CHECK(!ParsePlatform(text).ok());
}

}  // namespace
}  // namespace hcs::ctl
