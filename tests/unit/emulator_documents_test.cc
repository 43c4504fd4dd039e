// The emulator's own readers: ids, shapes of documents, frames between its processes.

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/emulator/channel/frame_channel.h"
#include "core/emulator/documents/process_document.h"
#include "core/emulator/documents/requests.h"
#include "core/emulator/documents/schema.h"
#include "core/emulator/documents/system_document.h"
#include "core/emulator/state/system_id.h"

namespace hcs::emulator {
namespace {

using platform::UniqueFd;

TEST_CASE("every id has a folder name of its own, and back") {
  for (const std::string& id : std::vector<std::string>{
           "plain-Id_1.x", ".hidden", "a%2F", "%", "a:b*c?\"<>|", "end.", "end ", "\xC3\xBC"}) {
    const std::string name = FolderNameOfId(id);
    INFO(id << " -> " << name);
    CHECK(name.find_first_of("/\\:*?\"<>|") == std::string::npos);
    CHECK(name.front() != '.');
    CHECK(name.back() != '.');
    CHECK(name.back() != ' ');
    CHECK(IdOfFolderName(name) == id);
  }
  for (const char* name : {".dead-1", "", "%", "%2", "%zz", "%41", "a:b"}) {
    INFO(name);
    CHECK_FALSE(IdOfFolderName(name).has_value());
  }
  CHECK(CheckSystemId(std::u16string(kMaxFolderNameBytes, u'x')).ok());
  CHECK_FALSE(CheckSystemId(std::u16string(kMaxFolderNameBytes + 1, u'x')).ok());
  CHECK_FALSE(CheckSystemId(std::u16string(kMaxFolderNameBytes, u'ü')).ok());
}

TEST_CASE("a document's shape is checked to any depth, null is absent, more is welcome") {
  static constexpr Field kInner[] = {{"Number", FieldType::kUint16},
                                     {"Words", FieldType::kStringList}};
  static constexpr Field kOuter[] = {{"Flag", FieldType::kBool},
                                     {"List", FieldType::kObjectList, kInner},
                                     {"Map", FieldType::kStringMap}};
  const auto error = [&](const char* text) { return CheckDocument(Json::parse(text), kOuter); };
  CHECK(error(R"({"Flag":null,"Other":[1,{}],"List":[{"Number":65535,"Words":["a"]}]})").ok());
  CHECK(error(R"({"Flag":"true"})").message == "Flag is not true or false");
  CHECK(error(R"({"List":{}})").message == "List is not an array");
  CHECK(error(R"({"List":[{},5]})").message == "List[1] is not an object");
  CHECK(error(R"({"List":[{"Number":65536}]})").message == "List[0].Number is greater than 65535");
  CHECK(error(R"({"List":[{"Number":1.5}]})").message ==
        "List[0].Number is not a whole number of 0 or more");
  CHECK(error(R"({"List":[{"Words":["a",1]}]})").message == "List[0].Words[1] is not a string");
  CHECK(error(R"({"Map":{"a":"b","c":2}})").message == "Map.c is not a string");
}

TEST_CASE("text that is no document") {
  CHECK(ParseDocument("")->empty());
  CHECK(ParseDocument(R"({"a":"[[[[\"{{{{"})").ok());
  const std::string deep(kMaxDocumentDepth, '[');
  const std::string end(kMaxDocumentDepth, ']');
  CHECK(ParseDocument("{\"a\":" + deep.substr(1) + end.substr(1) + "}").ok());
  CHECK_FALSE(ParseDocument("{\"a\":" + deep + end + "}").ok());
  for (const char* text : {"null", "[]", "1", "{\"a\":}", "{} x", "\xFF"}) {
    INFO(text);
    CHECK(ParseDocument(text).failure().code == abi::VMCOMPUTE_INVALID_JSON);
  }
}

// As it comes from a caller: a number that C++ holds as signed is unsigned there.
Json AsText(const Json& document) { return Json::parse(document.dump()); }

TEST_CASE("both schemas say the same limits in their own words") {
  const Json schema1 = {{"SystemType", "Container"},
                        {"MemoryMaximumInMB", 5},
                        {"ProcessorCount", 2},
                        {"StorageIOPSMaximum", 9},
                        {"Layers", Json::array({{{"ID", "x"}, {"Path", "y"}}})},
                        {"Credentials", ""}};
  const auto first = ReadSystemDocument(AsText(schema1), kSchema2Build);
  REQUIRE(first.ok());
  CHECK(first->limits.memory_bytes == uint64_t{5} << 20);
  CHECK(first->limits.processor_count == 2u);
  CHECK_FALSE(first->limits.processor_weight);
  CHECK(first->without_effect.empty());
  CHECK(first->needs_own_root == std::vector<std::string>{"Layers"});
  CHECK(LimitsNotEnforced({.memory = true, .processor_count = true, .storage_iops = true}) ==
        std::vector<std::string>{"ProcessorMaximum", "ProcessorWeight", "StorageBandwidthMaximum"});
  CHECK(LimitsNotEnforced(first->limits, {.memory = true}, false) ==
        std::vector<std::string>{"ProcessorCount", "StorageIOPSMaximum"});

  const Json schema2 = {{"SchemaVersion", {{"Major", 2}, {"Minor", 0}}},
                        {"Container",
                         {{"Processor", {{"Count", 2}, {"Maximum", 10000}}},
                          {"Storage", {{"Path", "p"}, {"QoS", {{"IopsMaximum", 9}}}}}}}};
  const auto second = ReadSystemDocument(AsText(schema2), kSchema2Build);
  REQUIRE(second.ok());
  CHECK(second->limits.processor_maximum == 10000u);
  CHECK(second->without_effect.empty());
  CHECK(second->needs_own_root == std::vector<std::string>{"Container.Storage.Path"});
  CHECK(second->root_path == "p");
  CHECK(
      LimitsNotEnforced(second->limits, {.processor_count = true}, true) ==
      std::vector<std::string>{"Container.Processor.Maximum", "Container.Storage.QoS.IopsMaximum"});
  CHECK_FALSE(ReadSystemDocument(AsText(schema2), kSchema2Build - 1).ok());
}

TEST_CASE("console sizes") {
  const auto size = [](const char* text) {
    return ReadProcessDocument(Json::parse(text))->console_size;
  };
  CHECK(size(R"({"ConsoleSize":[50,132]})").rows == 50);
  CHECK(size(R"({"ConsoleSize":[50,132]})").columns == 132);
  CHECK(size(R"({"ConsoleSize":[0,0]})").rows == 25);
  CHECK(size("{}").columns == 80);
  for (const char* text : {R"({"ConsoleSize":[1]})", R"({"ConsoleSize":[1,70000]})",
                           R"({"ConsoleSize":{"Height":1}})"}) {
    CHECK(ReadProcessDocument(Json::parse(text)).failure().code == abi::VMCOMPUTE_INVALID_JSON);
  }
  CHECK(ReadProcessDocument({{"CommandLine", std::string("a\0b", 3)}}).failure().code ==
        abi::ERROR_INVALID_PARAMETER);
}

struct ChannelPair {
  ChannelPair() {
    std::array<int, 2> ends{};
    REQUIRE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) == 0);
    raw = UniqueFd(dup(ends[0]));
    a.emplace(UniqueFd(ends[0]));
    b.emplace(UniqueFd(ends[1]));
  }
  UniqueFd raw;  // The first end, for what no channel would send.
  std::optional<FrameChannel> a;
  std::optional<FrameChannel> b;
};

TEST_CASE("frames keep their borders and their descriptors") {
  ChannelPair pair;
  std::array<int, 2> pipe_ends{};
  REQUIRE(pipe2(pipe_ends.data(), O_CLOEXEC) == 0);
  const UniqueFd reader(pipe_ends[0]);
  std::vector<UniqueFd> descriptors;
  descriptors.emplace_back(pipe_ends[1]);
  CHECK(pair.a->Send("first"));
  CHECK(pair.a->Send("second", std::move(descriptors)));
  CHECK(pair.a->Send(""));
  std::vector<Frame> frames;
  CHECK(pair.b->Receive(&frames));
  REQUIRE(frames.size() == 3);
  CHECK(frames[0].text == "first");
  CHECK(frames[0].descriptors.empty());
  CHECK(frames[1].text == "second");
  REQUIRE(frames[1].descriptors.size() == 1);
  CHECK(write(frames[1].descriptors[0].get(), "x", 1) == 1);
  char byte = 0;
  CHECK(read(reader.get(), &byte, 1) == 1);
  CHECK(frames[2].text.empty());
  pair.a.reset();
  pair.raw.reset();
  CHECK_FALSE(pair.b->Receive(&frames));
}

TEST_CASE("a frame larger than the socket's buffer goes in pieces and never blocks") {
  ChannelPair pair;
  const std::string large(8 << 20, 'l');
  CHECK(pair.a->Send(large));
  CHECK(pair.a->backlogged());
  std::vector<Frame> frames;
  while (frames.empty()) {
    REQUIRE(pair.b->Receive(&frames));
    REQUIRE(pair.a->Flush());
  }
  CHECK(frames[0].text == large);
  CHECK_FALSE(pair.a->backlogged());
}

TEST_CASE("a peer that does not read fills a bounded backlog") {
  ChannelPair pair;
  const std::string large(kMaxFrameBytes / 2, 'l');
  size_t sent = 0;
  while (pair.a->Send(large) && sent < 100) ++sent;
  CHECK(sent <= kMaxBacklogBytes / large.size() + 2);
}

TEST_CASE("a peer that breaks the format loses the connection") {
  for (const std::string& bytes :
       {std::string("\xFF\xFF\xFF\xFF\0\0\0\0", 8), std::string("\1\0\0\0\xFF\0\0\0x", 9),
        std::string("\1\0\0\0\1\0\0\0x", 9)}) {
    ChannelPair pair;
    REQUIRE(write(pair.raw.get(), bytes.data(), bytes.size()) ==
            static_cast<ssize_t>(bytes.size()));
    std::vector<Frame> frames;
    CHECK_FALSE(pair.b->Receive(&frames));
    CHECK(frames.empty());
  }
}

}  // namespace
}  // namespace hcs::emulator
