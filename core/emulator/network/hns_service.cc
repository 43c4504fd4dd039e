#include "core/emulator/network/hns_service.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "core/emulator/network/attachments.h"
#include "core/emulator/network/endpoints.h"
#include "core/emulator/network/hns_codes.h"
#include "core/emulator/network/networks.h"
#include "core/emulator/network/references.h"
#include "core/emulator/state/guid.h"

namespace hcs::emulator::hns {
namespace {

using NoArguments = Outcome<Json> (*)(HnsState& state);
using OfText = Outcome<Json> (*)(HnsState& state, const std::string& id_or_body);
using OfIdAndBody = Outcome<Json> (*)(HnsState& state, const std::string& id,
                                      const std::string& body);

// One of the functions, by what it takes.
struct Route {
  const char* method;
  const char* pattern;
  NoArguments list = nullptr;
  OfText of_id = nullptr;
  OfText of_body = nullptr;
  OfIdAndBody of_both = nullptr;
};

constexpr Route List(const char* pattern, NoArguments function) {
  return {"GET", pattern, function, nullptr, nullptr, nullptr};
}
constexpr Route Get(const char* pattern, OfText function) {
  return {"GET", pattern, nullptr, function, nullptr, nullptr};
}
constexpr Route Delete(const char* pattern, OfText function) {
  return {"DELETE", pattern, nullptr, function, nullptr, nullptr};
}
constexpr Route Create(const char* pattern, OfText function) {
  return {"POST", pattern, nullptr, nullptr, function, nullptr};
}
constexpr Route Change(const char* pattern, OfIdAndBody function) {
  return {"POST", pattern, nullptr, nullptr, nullptr, function};
}

constexpr Route kRoutes[] = {
    List("networks", ListNetworks),
    Create("networks", CreateNetwork),
    Get("networks/{id}", GetNetwork),
    Change("networks/{id}", UpdateNetwork),
    Delete("networks/{id}", DeleteNetwork),
    List("endpoints", ListEndpoints),
    Create("endpoints", CreateEndpoint),
    Get("endpoints/{id}", GetEndpoint),
    Change("endpoints/{id}", UpdateEndpoint),
    Delete("endpoints/{id}", DeleteEndpoint),
    Change("endpoints/{id}/attach", AttachEndpoint),
    Change("endpoints/{id}/detach", DetachEndpoint),
    Get("endpointstats/{id}", EndpointStatistics),
    List("policylists", ListPolicyLists),
    Create("policylists", CreatePolicyList),
    Get("policylists/{id}", GetPolicyList),
    Delete("policylists/{id}", DeletePolicyList),
    List("namespaces", ListNameSpaces),
    Create("namespaces", CreateNameSpace),
    Get("namespaces/{id}", GetNameSpace),
    Delete("namespaces/{id}", DeleteNameSpace),
    Change("namespaces/{id}/addresource", AddResource),
    Change("namespaces/{id}/removeresource", RemoveResource),
};

// HNS' versions by the first build that has them. 7.2 of build 17134 is known; the others
// are assumptions between what hosts are known to be able to do.
struct Version {
  uint32_t build;
  uint32_t major;
  uint32_t minor;
};
constexpr Version kVersions[] = {{kFirstBuild, 5, 0}, {15063, 6, 0},  {16299, 7, 0},
                                 {17134, 7, 2},       {17763, 9, 5},  {18362, 10, 4},
                                 {19041, 12, 0},      {20348, 13, 3}, {22000, 14, 0},
                                 {22621, 15, 0},      {25398, 15, 2}, {26100, 15, 4}};

Json VersionOf(uint32_t build_number) {
  Json version;
  for (const Version& known : kVersions) {
    if (build_number >= known.build) version = {{"Major", known.major}, {"Minor", known.minor}};
  }
  return version;
}

Outcome<Json> Run(const Route& route, HnsState& state, const std::string& id,
                  const std::string& body) {
  if (route.list != nullptr) return route.list(state);
  if (route.of_body != nullptr) return route.of_body(state, body);
  const std::optional<std::string> guid = ReadGuidText(id);
  if (!guid) return Status{abi::ERROR_INVALID_PARAMETER, "not a GUID: \"" + id + "\""};
  return route.of_id != nullptr ? route.of_id(state, *guid) : route.of_both(state, *guid, body);
}

std::string PathText(const HnsRequest& request) {
  std::string text;
  for (const std::string& component : request.path) text += "/" + component;
  return text.empty() ? "/" : text;
}

}  // namespace

HnsService::HnsService(ObjectStore store, Options options)
    : build_number_(options.build_number),
      state_(std::move(store), std::move(options.find_system), options.datapath) {}

Outcome<std::unique_ptr<HnsService>> HnsService::Open(Options options) {
  Outcome<ObjectStore> store = ObjectStore::Open(options.state_folder);
  if (!store.ok()) return store.failure();
  return std::unique_ptr<HnsService>(new HnsService(*std::move(store), std::move(options)));
}

std::string HnsService::Call(std::string_view method, std::string_view path, std::string body) {
  const Outcome<HnsRequest> request = ReadRequest(method, path, std::move(body));
  if (!request.ok()) return FailureResponse(request.failure());
  const Outcome<Json> answer = Answer(*request);
  return answer.ok() ? SuccessResponse(JsonToText(*answer)) : FailureResponse(answer.failure());
}

template <typename Body>
Outcome<Json> HnsService::WithState(Body&& body) {
  const std::lock_guard lock(mutex_);
  try {
    const Outcome<ObjectStore::Lock> others = state_.CatchUp();
    if (!others.ok()) return others.failure();
    return body(state_);
  } catch (...) {
    state_.Distrust();
    throw;
  }
}

template <typename Body>
Status HnsService::ChangeState(Body&& body) {
  const Outcome<Json> done = WithState([&](HnsState& state) -> Outcome<Json> {
    Status status = body(state);
    if (!status.ok()) return status;
    return Json::object();
  });
  return done.ok() ? Status() : done.failure();
}

Status HnsService::AttachContainer(const std::string& id, const ContainerNetwork& network) {
  return ChangeState([&](HnsState& state) { return hns::AttachContainer(state, id, network); });
}

Status HnsService::ModifyContainer(const std::string& id, const Json& request) {
  return ChangeState([&](HnsState& state) { return hns::ModifyContainer(state, id, request); });
}

Outcome<Json> HnsService::Answer(const HnsRequest& request) {
  std::string id;
  if (request.method == "GET" && Matches(request, "globals/version", &id)) {
    return VersionOf(build_number_);
  }
  std::string methods;
  for (const Route& route : kRoutes) {
    if (!Matches(request, route.pattern, &id)) continue;
    if (request.method != route.method) {
      methods += (methods.empty() ? "" : " or ") + std::string(route.method);
      continue;
    }
    return WithState([&](HnsState& state) { return Run(route, state, id, request.body); });
  }
  std::string problem = request.method + " " + PathText(request);
  problem += methods.empty() ? ": there is no such path" : ": the path takes " + methods;
  return Status{abi::HCN_E_REQUEST_UNSUPPORTED, std::move(problem)};
}

}  // namespace hcs::emulator::hns
