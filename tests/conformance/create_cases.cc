// Cases 1 to 5, 12 and 47: creating, opening and finding compute systems.

#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/conformance/session.h"

namespace hcs::conformance {
namespace {

constexpr auto kCreateCompleted = abi::HcsNotificationSystemCreateCompleted;

TEST_CASE("case 01: create: done or pending, then one SystemCreateCompleted") {
  std::unique_ptr<System> system;
  const std::string document = HostUnderTest::Current().container().dump();
  const Answer answer = System::TryCreate(UniqueId("a"), document, &system);
  REQUIRE(system != nullptr);
  if (answer.code.pending()) {
    CHECK(system->registration().Await(kCreateCompleted).status == abi::S_OK);
  } else {
    CHECK(answer.code == abi::S_OK);
  }
  CHECK(system->State() == "Created");
  CHECK(IsEnumerated(system->id()));
  system->TerminateAndAwait();
  CHECK(system->registration().Count(kCreateCompleted) == (answer.code.pending() ? 1 : 0));
}

TEST_CASE("case 02: create twice: SYSTEM_ALREADY_EXISTS, the first one unharmed") {
  const auto first = System::Create(UniqueId("a"));
  std::unique_ptr<System> second;
  const std::string document = HostUnderTest::Current().container().dump();
  CHECK(System::TryCreate(first->id(), document, &second).code ==
        abi::VMCOMPUTE_SYSTEM_ALREADY_EXISTS);
  CHECK(second == nullptr);
  CHECK(first->Finish(first->Start(), abi::HcsNotificationSystemStartCompleted) == abi::S_OK);
  CHECK(first->State() == "Running");
}

TEST_CASE("case 03: open what is not there: SYSTEM_NOT_FOUND, a result document or none") {
  std::unique_ptr<System> system;
  const Answer answer = System::TryOpen(UniqueId("nope"), &system);
  CHECK(answer.code == abi::VMCOMPUTE_SYSTEM_NOT_FOUND);
  CHECK(system == nullptr);
  if (!answer.result.empty()) CHECK(Json::accept(answer.result));
}

TEST_CASE("case 04: create with malformed JSON: INVALID_JSON, no system left") {
  for (const char* document :
       {"{", "", "[]", "{\"SystemType\": 7}", "{\"SystemType\": \"Container\"} x"}) {
    INFO(document);
    const std::string id = UniqueId("malformed");
    std::unique_ptr<System> system;
    const Answer answer = System::TryCreate(id, document, &system);
    CHECK(answer.code.IsOneOf({abi::VMCOMPUTE_INVALID_JSON, abi::ERROR_INVALID_PARAMETER}));
    if (std::string(document) == "{") CHECK(answer.code == abi::VMCOMPUTE_INVALID_JSON);
    CHECK(system == nullptr);
    CHECK_FALSE(IsEnumerated(id));
    CHECK(System::Create(id)->State() == "Created");
  }
}

TEST_CASE("case 05: create without SystemType: INVALID_JSON or invalid parameter") {
  const std::string id = UniqueId("untyped");
  Json document = HostUnderTest::Current().container();
  document.erase("SystemType");
  std::unique_ptr<System> system;
  CHECK(System::TryCreate(id, document.dump(), &system)
            .code.IsOneOf({abi::VMCOMPUTE_INVALID_JSON, abi::ERROR_INVALID_PARAMETER}));
  CHECK(system == nullptr);
  CHECK_FALSE(IsEnumerated(id));
}

TEST_CASE("case 12: enumerate by owner, id and type: only the matching") {
  const std::string owner = UniqueId("owner");
  const auto mine = System::Create(UniqueId("mine"), {{"Owner", owner}});
  const auto also_mine = System::Create(UniqueId("also-mine"), {{"Owner", owner}});
  const auto other = System::Create(UniqueId("other"), {{"Owner", owner + "-else"}});
  using Ids = std::vector<std::string>;
  const auto ids = [](const Json& query) {
    const Answer answer = Enumerate(query);
    REQUIRE(answer.code == abi::S_OK);
    Ids found;
    for (const Json& system : answer.json()) found.push_back(system.value("Id", ""));
    std::sort(found.begin(), found.end());
    return found;
  };
  const auto sorted = [](Ids expected) {
    std::sort(expected.begin(), expected.end());
    return expected;
  };
  CHECK(ids({{"Owners", {owner}}}) == sorted({mine->id(), also_mine->id()}));
  CHECK(ids({{"Ids", Json::array({other->id(), "no such id"})}}) == Ids{other->id()});
  CHECK(ids({{"Owners", {owner}}, {"Ids", Json::array({mine->id(), other->id()})}}) ==
        Ids{mine->id()});
  CHECK(ids({{"Owners", {owner}}, {"Types", {"Container"}}}).size() == 2);
  CHECK(ids({{"Owners", {owner}}, {"Types", {"VirtualMachine"}}}).empty());
  const Ids everything = ids(Json::object());
  for (const System* system : {mine.get(), also_mine.get(), other.get()}) {
    CHECK(std::count(everything.begin(), everything.end(), system->id()) == 1);
  }
}

TEST_CASE("case 47: ids that are too long, empty or lead elsewhere: invalid, nothing created") {
  // A NUL cannot be said: it ends the string.
  const std::string document = HostUnderTest::Current().container().dump();
  const size_t before = Enumerate().json().size();
  for (const std::string& id : {std::string(300, 'n'), std::string(), std::string(R"(..\outside)"),
                                std::string("../outside"), std::string("..")}) {
    INFO(id);
    std::unique_ptr<System> system;
    CHECK(System::TryCreate(id, document, &system).code == abi::ERROR_INVALID_PARAMETER);
    CHECK(system == nullptr);
  }
  CHECK(Enumerate().json().size() == before);
}

}  // namespace
}  // namespace hcs::conformance
