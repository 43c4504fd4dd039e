#include "core/host/compute_service.h"

#include <memory>
#include <utility>

#include "core/host/handles.h"

namespace hcs::host {
namespace {

// No identity: the caller's own.
constexpr abi::HANDLE kNoIdentity = nullptr;

absl::Status NoHandle(std::string_view operation, std::string_view id) {
  return MakeOwnStatus(OwnError::kUnexpectedValue, {operation, id},
                       "the host gave no system handle");
}

// Calls an export that takes a query and gives a document.
template <typename Function>
absl::StatusOr<std::string> Query(const TableCaller& caller, Export<Function> which,
                                  std::string_view query) {
  const auto text = ToHostText("query", query);
  if (!text.ok()) return text.status();
  HostText answer(caller.table());
  const auto called = caller.CallWithResult(which, {}, text->c_str(), answer.out());
  if (!called.ok()) return called.status();
  return RequireText(answer, {which.name, {}});
}

}  // namespace

absl::StatusOr<std::string> ComputeService::Enumerate(std::string_view query) const {
  return Query(caller_, HCS_EXPORT(HcsEnumerateComputeSystems), query);
}

absl::StatusOr<CreatedSystem> ComputeService::Create(std::string_view id,
                                                     std::string_view configuration) const {
  constexpr auto kCreate = HCS_EXPORT(HcsCreateComputeSystem);
  const auto id_text = ToHostText("id", id);
  if (!id_text.ok()) return id_text.status();
  const auto configuration_text = ToHostText("configuration", configuration);
  if (!configuration_text.ok()) return configuration_text.status();
  abi::HCS_SYSTEM system = nullptr;
  const auto completion = caller_.CallWithResult(kCreate, id, id_text->c_str(),
                                                 configuration_text->c_str(), kNoIdentity, &system);
  if (!completion.ok()) return completion.status();
  if (system == nullptr) return NoHandle(kCreate.name, id);
  return CreatedSystem{
      ComputeSystem(std::make_shared<SystemHandle>(caller_, system, std::string(id))), *completion};
}

absl::StatusOr<ComputeSystem> ComputeService::Open(std::string_view id) const {
  constexpr auto kOpen = HCS_EXPORT(HcsOpenComputeSystem);
  const auto id_text = ToHostText("id", id);
  if (!id_text.ok()) return id_text.status();
  abi::HCS_SYSTEM system = nullptr;
  const auto called = caller_.CallWithResult(kOpen, id, id_text->c_str(), &system);
  if (!called.ok()) return called.status();
  if (system == nullptr) return NoHandle(kOpen.name, id);
  return ComputeSystem(std::make_shared<SystemHandle>(caller_, system, std::string(id)));
}

absl::StatusOr<std::string> ComputeService::GetServiceProperties(std::string_view query) const {
  return Query(caller_, HCS_EXPORT(HcsGetServiceProperties), query);
}

absl::Status ComputeService::ModifyServiceSettings(std::string_view settings) const {
  const auto text = ToHostText("settings", settings);
  if (!text.ok()) return text.status();
  return caller_.CallWithResult(HCS_EXPORT(HcsModifyServiceSettings), {}, text->c_str()).status();
}

absl::StatusOr<std::string> ComputeService::CallHns(std::string_view method, std::string_view path,
                                                    std::string_view request) const {
  constexpr auto kCall = HCS_EXPORT(HNSCall);
  const auto method_text = ToHostText("method", method);
  if (!method_text.ok()) return method_text.status();
  const auto path_text = ToHostText("path", path);
  if (!path_text.ok()) return path_text.status();
  const auto request_text = ToHostText("request", request);
  if (!request_text.ok()) return request_text.status();
  HostText response(caller_.table());
  const auto called = caller_.Call(kCall, path, method_text->c_str(), path_text->c_str(),
                                   request_text->c_str(), response.out());
  if (!called.ok()) return called.status();
  return RequireText(response, {kCall.name, path});
}

std::vector<std::string_view> ComputeService::MissingExports() const {
  return abi::MissingExports(caller_.table());
}

bool ComputeService::IsTp4() const { return caller_.table().HNSCall == nullptr; }

}  // namespace hcs::host
