#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "tests/integration/calls.h"
#include "tests/integration/daemon_fixture.h"

namespace hcs::integration {
namespace {

using grpc::StatusCode;

// A call of ContainerService whose request has an id and nothing else.
template <typename Request, typename Response>
grpc::Status OnContainer(Daemon& daemon,
                         grpc::Status (v1::ContainerService::Stub::*method)(grpc::ClientContext*,
                                                                            const Request&,
                                                                            Response*),
                         const std::string& id, Response* response) {
  Call call;
  Request request;
  request.set_id(id);
  return (daemon.containers().*method)(call.context(), request, response);
}

using Stub = v1::ContainerService::Stub;

std::vector<std::string> IdsOf(const v1::ListContainersResponse& response) {
  std::vector<std::string> ids;
  for (const v1::Container& container : response.containers()) ids.push_back(container.id());
  return ids;
}

v1::ListContainersResponse List(Daemon& daemon, const v1::ListContainersRequest& request) {
  Call call;
  v1::ListContainersResponse response;
  RequireOk(daemon.containers().ListContainers(call.context(), request, &response));
  return response;
}

TEST_CASE("a container's whole life") {
  Daemon daemon;
  v1::CreateContainerRequest request = ContainerRequest("life");
  request.mutable_config()->set_owner("tests");
  (*request.mutable_labels())["role"] = "web";
  const v1::Container created = Create(daemon, request);
  CHECK(created.state() == v1::CONTAINER_STATE_CREATED);
  CHECK(created.owner() == "tests");
  CHECK(created.labels().at("role") == "web");
  CHECK(created.has_create_time());
  CHECK_FALSE(created.has_start_time());
  Start(daemon, "life");
  CHECK(Get(daemon, "life").has_start_time());

  v1::PauseContainerResponse paused;
  RequireOk(OnContainer(daemon, &Stub::PauseContainer, "life", &paused));
  CHECK(paused.container().state() == v1::CONTAINER_STATE_PAUSED);
  v1::ResumeContainerResponse resumed;
  RequireOk(OnContainer(daemon, &Stub::ResumeContainer, "life", &resumed));
  CHECK(resumed.container().state() == v1::CONTAINER_STATE_RUNNING);

  v1::ShutdownContainerResponse shut;
  RequireOk(OnContainer(daemon, &Stub::ShutdownContainer, "life", &shut));
  v1::WaitContainerResponse waited;
  RequireOk(OnContainer(daemon, &Stub::WaitContainer, "life", &waited));
  CHECK_FALSE(waited.timed_out());
  CHECK(waited.exit().status() == 0);
  CHECK(Get(daemon, "life").state() == v1::CONTAINER_STATE_STOPPED);

  v1::CloseContainerResponse closed;
  RequireOk(OnContainer(daemon, &Stub::CloseContainer, "life", &closed));
  v1::GetContainerResponse got;
  CHECK(OnContainer(daemon, &Stub::GetContainer, "life", &got).error_code() ==
        StatusCode::NOT_FOUND);
}

TEST_CASE("each schema and raw JSON make a container") {
  Daemon daemon;
  v1::CreateContainerRequest request;
  request.set_id("made");
  SECTION("schema 2") {
    request.mutable_compute_system()->set_owner("two");
    auto& version = *request.mutable_compute_system()->mutable_schema_version();
    version.set_major(2);
    version.set_minor(1);
    request.mutable_compute_system()->mutable_container();
  }
  SECTION("raw schema 1") {
    request.set_raw_document(R"({"SystemType": "Container", "Owner": "two", "Unheard": [1]})");
  }
  CHECK(Create(daemon, request).owner() == "two");
  Start(daemon, "made");
}

TEST_CASE("lists are ordered, paged and filtered") {
  Daemon daemon;
  for (int i = 24; i >= 0; --i) {
    char id[16];
    std::snprintf(id, sizeof(id), "%s-%02d", i % 2 == 0 ? "even" : "odd", i);
    v1::CreateContainerRequest request = ContainerRequest(id);
    request.mutable_config()->set_owner(i < 5 ? "few" : "many");
    (*request.mutable_labels())["third"] = i % 3 == 0 ? "yes" : "no";
    Create(daemon, request);
  }
  Start(daemon, "odd-07");

  SECTION("pages") {
    v1::ListContainersRequest request;
    request.set_page_size(10);
    std::vector<std::string> ids;
    int pages = 0;
    do {
      const v1::ListContainersResponse page = List(daemon, request);
      const auto told = IdsOf(page);
      ids.insert(ids.end(), told.begin(), told.end());
      request.set_page_token(page.next_page_token());
      ++pages;
    } while (!request.page_token().empty());
    CHECK(pages == 3);
    CHECK(ids.size() == 25);
    CHECK(std::is_sorted(ids.begin(), ids.end()));
  }
  SECTION("filters") {
    v1::ListContainersRequest request;
    request.mutable_filter()->set_id_prefix("even-");
    CHECK(List(daemon, request).containers_size() == 13);
    request.mutable_filter()->set_owner("few");
    CHECK(IdsOf(List(daemon, request)) ==
          std::vector<std::string>{"even-00", "even-02", "even-04"});
    (*request.mutable_filter()->mutable_labels())["third"] = "yes";
    CHECK(IdsOf(List(daemon, request)) == std::vector<std::string>{"even-00"});
    (*request.mutable_filter()->mutable_labels())["absent"] = "";
    CHECK(List(daemon, request).containers().empty());
    v1::ListContainersRequest running;
    running.mutable_filter()->add_states(v1::CONTAINER_STATE_RUNNING);
    CHECK(IdsOf(List(daemon, running)) == std::vector<std::string>{"odd-07"});
  }
}

TEST_CASE("a closed container runs on, and can be adopted") {
  Daemon daemon;
  CreateRunning(daemon, "kept");
  v1::CloseContainerResponse closed;
  RequireOk(OnContainer(daemon, &Stub::CloseContainer, "kept", &closed));
  CHECK(ListAll(daemon).empty());
  v1::OpenContainerResponse opened;
  RequireOk(OnContainer(daemon, &Stub::OpenContainer, "kept", &opened));
  CHECK(opened.container().adopted());
  CHECK(opened.container().state() == v1::CONTAINER_STATE_RUNNING);
  CHECK(Exec(daemon, "kept", Command("cmd /c \"echo here\"")).output == "here\n");
  v1::OpenContainerResponse again;
  RequireOk(OnContainer(daemon, &Stub::OpenContainer, "kept", &again));
  v1::OpenContainerResponse none;
  CHECK(OnContainer(daemon, &Stub::OpenContainer, "never", &none).error_code() ==
        StatusCode::NOT_FOUND);
}

TEST_CASE("a request id gives the first answer again") {
  Daemon daemon;
  v1::CreateContainerRequest request = ContainerRequest("once");
  request.set_request_id("r1");
  const v1::Container first = Create(daemon, request);
  const v1::Container second = Create(daemon, request);
  CHECK(first.SerializeAsString() == second.SerializeAsString());
  request.set_id("other");
  Call call;
  v1::CreateContainerResponse response;
  CHECK(daemon.containers().CreateContainer(call.context(), request, &response).error_code() ==
        StatusCode::ALREADY_EXISTS);
  CHECK(ListAll(daemon).size() == 1);
}

TEST_CASE("the host's refusals say what it said") {
  Daemon daemon;
  Create(daemon, ContainerRequest("strict"));
  v1::ResumeContainerResponse resumed;
  const grpc::Status resume = OnContainer(daemon, &Stub::ResumeContainer, "strict", &resumed);
  CHECK(resume.error_code() == StatusCode::FAILED_PRECONDITION);
  CHECK(ReasonOf(resume) == "VMCOMPUTE_INVALID_STATE");
  CHECK(HostErrorOf(resume).hresult() == static_cast<int32_t>(0xC0370105));
  CHECK(HostErrorOf(resume).operation() == "HcsResumeComputeSystem");
  CHECK(HostErrorOf(resume).object() == "strict");

  Call call;
  v1::CreateContainerResponse created;
  const grpc::Status twice =
      daemon.containers().CreateContainer(call.context(), ContainerRequest("strict"), &created);
  CHECK(twice.error_code() == StatusCode::ALREADY_EXISTS);
  v1::StartContainerResponse started;
  CHECK(OnContainer(daemon, &Stub::StartContainer, "nobody", &started).error_code() ==
        StatusCode::NOT_FOUND);

  Terminate(daemon, "strict");
  v1::TerminateContainerResponse terminated;
  const grpc::Status dead = OnContainer(daemon, &Stub::TerminateContainer, "strict", &terminated);
  CHECK(dead.error_code() == StatusCode::FAILED_PRECONDITION);
  CHECK(ReasonOf(dead) == "VMCOMPUTE_SYSTEM_ALREADY_STOPPED");
}

TEST_CASE("properties come typed and raw") {
  Daemon daemon;
  CreateRunning(daemon, "asked");
  CreateProcess(daemon, "asked", Command("sleep 1000"));
  v1::GetContainerPropertiesRequest request;
  request.set_id("asked");
  SECTION("typed query") { request.mutable_query()->add_property_types("ProcessList"); }
  SECTION("raw query") { request.set_raw_query(R"({"PropertyTypes": ["ProcessList"]})"); }
  Call call;
  v1::GetContainerPropertiesResponse response;
  RequireOk(daemon.containers().GetContainerProperties(call.context(), request, &response));
  CHECK(response.properties().process_list_size() >= 1);
  CHECK(response.raw_document().find("ProcessList") != std::string::npos);
}

TEST_CASE("statistics are measured, once and at an interval, until the end") {
  Daemon daemon;
  CreateRunning(daemon, "busy");
  CreateProcess(daemon, "busy", Command("cmd /c \"while :; do :; done\""));
  v1::GetContainerStatisticsResponse once;
  RequireOk(OnContainer(daemon, &Stub::GetContainerStatistics, "busy", &once));
  CHECK(once.statistics().has_timestamp());
  CHECK(once.statistics().uptime_100ns() > 0);

  Call call;
  v1::WatchContainerStatisticsRequest request;
  request.set_id("busy");
  request.mutable_interval()->set_nanos(100'000'000);
  const auto stream = daemon.containers().WatchContainerStatistics(call.context(), request);
  v1::WatchContainerStatisticsResponse first, later;
  REQUIRE(stream->Read(&first));
  do {
    REQUIRE(stream->Read(&later));
  } while (later.statistics().processor().total_runtime_100ns() <=
           first.statistics().processor().total_runtime_100ns());
  Terminate(daemon, "busy");
  while (stream->Read(&later)) {
  }
  RequireOk(stream->Finish());
}

TEST_CASE("there are no updates to wait for") {
  Daemon daemon;
  CreateRunning(daemon, "current");
  v1::HasPendingUpdatesResponse response;
  RequireOk(OnContainer(daemon, &Stub::HasPendingUpdates, "current", &response));
  CHECK_FALSE(response.has_pending_updates());
}

TEST_CASE("a wait tells a timeout from an exit, and can be given up") {
  Daemon daemon;
  CreateRunning(daemon, "long");
  v1::WaitContainerRequest request;
  request.set_id("long");
  v1::WaitContainerResponse response;
  SECTION("its own timeout") {
    Call call;
    request.mutable_timeout()->set_nanos(20'000'000);
    RequireOk(daemon.containers().WaitContainer(call.context(), request, &response));
    CHECK(response.timed_out());
    CHECK_FALSE(response.has_exit());
  }
  SECTION("the call's deadline") {
    Call call;
    call->set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(50));
    CHECK(daemon.containers().WaitContainer(call.context(), request, &response).error_code() ==
          StatusCode::DEADLINE_EXCEEDED);
  }
  SECTION("the client's cancellation") {
    Call call;
    std::thread cancelling([&] { call->TryCancel(); });
    CHECK(daemon.containers().WaitContainer(call.context(), request, &response).error_code() ==
          StatusCode::CANCELLED);
    cancelling.join();
  }
  CHECK(Get(daemon, "long").state() == v1::CONTAINER_STATE_RUNNING);
}

TEST_CASE("a running container can be modified") {
  Daemon daemon;
  CreateRunning(daemon, "changed");
  Call call;
  v1::ModifyContainerRequest request;
  request.set_id("changed");
  request.mutable_settings()->set_resource_path("Container/Memory/SizeInMB");
  request.mutable_settings()->set_request_type("Update");
  request.mutable_settings()->mutable_settings()->set_number_value(256);
  v1::ModifyContainerResponse response;
  const grpc::Status status =
      daemon.containers().ModifyContainer(call.context(), request, &response);
  // A machine without cgroups refuses it by name.
  if (!status.ok()) CHECK_FALSE(ReasonOf(status).empty());
  CHECK(Get(daemon, "changed").state() == v1::CONTAINER_STATE_RUNNING);
}

}  // namespace
}  // namespace hcs::integration
