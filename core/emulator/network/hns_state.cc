#include "core/emulator/network/hns_state.h"

#include <nlohmann/json.hpp>

#include "core/emulator/network/hns_documents.h"

namespace hcs::emulator::hns {
namespace {

Schema SchemaOf(Kind kind) {
  switch (kind) {
    case Kind::kNetwork: return kNetworkFields;
    case Kind::kEndpoint: return kEndpointFields;
    case Kind::kPolicyList: return kPolicyListFields;
    case Kind::kNamespace: return kNamespaceFields;
  }
  return {};
}

}  // namespace

Outcome<ObjectStore::Lock> HnsState::CatchUp() {
  Outcome<ObjectStore::Lock> lock = store_.Acquire();
  if (!lock.ok()) return lock;
  const Outcome<ObjectStore::News> news = store_.ReadNews();
  if (!news.ok()) return news.failure();
  if (news->everything) LearnAll();
  for (const std::string& line : news->lines) {
    if (const auto object = ObjectStore::ObjectOf(line)) {
      if (!news->everything) LearnFromDisk(object->kind, object->id);
    } else {
      model_.RememberRelease(line);
    }
  }
  // A failure is no matter: it is tried again with the next call.
  if (store_.IsJournalLong()) store_.ReplaceJournal(model_.ReleaseLines());
  return lock;
}

void HnsState::LearnAll() {
  model_ = HnsModel();
  for (const Kind kind : kKinds) {
    for (const std::string& id : store_.List(kind)) LearnFromDisk(kind, id);
  }
}

void HnsState::LearnFromDisk(Kind kind, const std::string& id) {
  const std::optional<Json> record = store_.Read(kind, id);
  if (!record) return model_.Forget(kind, id);
  // Somebody may have edited it.
  if (!CheckDocument((*record)["Document"], SchemaOf(kind)).ok()) {
    store_.SetAside(kind, id);
    return model_.Forget(kind, id);
  }
  model_.Learn(kind, id, *record);
}

Status HnsState::Put(Kind kind, const std::string& id, const Json& record) {
  if (Status status = store_.Append({ObjectStore::LineOf(kind, id)}); !status.ok()) return status;
  if (Status status = store_.Write(kind, id, record); !status.ok()) return status;
  model_.Learn(kind, id, record);
  return {};
}

Status HnsState::Erase(Kind kind, const std::string& id, const std::vector<std::string>& releases) {
  std::vector<std::string> lines = {ObjectStore::LineOf(kind, id)};
  lines.insert(lines.end(), releases.begin(), releases.end());
  if (Status status = store_.Append(lines); !status.ok()) return status;
  if (Status status = store_.Remove(kind, id); !status.ok()) return status;
  model_.Forget(kind, id);
  return {};
}

Status HnsState::Missing(Kind kind, const std::string& id, abi::HRESULT code) const {
  const std::string aside = store_.WhereSetAside(kind, id);
  return {code, aside.empty() ? id : id + ": its record was damaged, and is set aside as " + aside};
}

}  // namespace hcs::emulator::hns
