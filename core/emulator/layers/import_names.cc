#include "core/emulator/layers/import_names.h"

#include <functional>
#include <utility>

#include "core/emulator/layers/folder_below.h"
#include "core/emulator/layers/layer_names.h"
#include "core/platform/case_mapping.h"
#include "core/platform/unicode.h"

namespace hcs::emulator {
namespace {

constexpr std::u16string_view kUtilityVm = u"UtilityVM";

uint64_t HashOf(const std::u16string& key) { return std::hash<std::u16string>()(key); }

Status NoFolder(const std::u16string& component) {
  return {abi::ERROR_PATH_NOT_FOUND,
          "neither the layer nor its parents have the folder " + platform::Utf16ToUtf8(component)};
}

}  // namespace

std::string ImportPlace::disk_path() const { return JoinPath(parent->disk_path, disk_name); }

Outcome<ImportPlace> ImportNames::Find(const std::vector<std::u16string>& components,
                                       bool to_remove) {
  const std::vector<std::u16string> above(components.begin(), components.end() - 1);
  if (last_folder_ == nullptr || above != last_components_) {
    ImportFolder* folder = &root_;
    for (const std::u16string& component : above) {
      const Outcome<ImportFolder*> entered = Enter(folder, component, to_remove);
      if (!entered.ok()) return entered.failure();
      folder = *entered;
      if (folder == nullptr) break;
    }
    if (folder == nullptr) return ImportPlace();
    last_components_ = above;
    last_folder_ = folder;
  }
  return Look(last_folder_, components.back());
}

// The folder `component` in `parent`. Nothing, when `to_remove`, where there is none.
Outcome<ImportFolder*> ImportNames::Enter(ImportFolder* parent, const std::u16string& component,
                                          bool to_remove) {
  const ImportPlace place = Look(parent, component);
  const auto found = folders_.find(place.key);
  if (found != folders_.end()) return &found->second;
  // Below what is removed as a whole nothing is left to remove.
  if (place.state == NameState::kRemoved && to_remove) return nullptr;
  if (place.state != NameState::kNone) return NoFolder(component);
  // Files and Hives are there without being said. What is in UtilityVM is always whole.
  const bool implied = parent == &root_ && component != kUtilityVm;
  const bool in_utility_vm = parent->disk_path.starts_with("UtilityVM");
  if (!implied && (!place.parents_have_folder || in_utility_vm)) {
    if (to_remove) return nullptr;
    return NoFolder(component);
  }
  if (Status status = maker_->MakeImplicitFolder(place.disk_path()); !status.ok()) return status;
  ImportFolder* folder = AddFolder(place);
  if (!folder->hides_parents) {
    const Outcome<bool> sensitive = parents_->IsCaseSensitive(folder->disk_path);
    if (!sensitive.ok()) return sensitive.failure();
    folder->case_sensitive = *sensitive;
  }
  return folder;
}

ImportPlace ImportNames::Look(ImportFolder* parent, const std::u16string& component) {
  ImportPlace place;
  place.parent = parent;
  place.key =
      parent->key + u'\\' + (parent->case_sensitive ? component : platform::ToUpper(component));
  place.state = StateOf(place.key);
  place.disk_name = DiskName(component);
  if (parent->hides_parents) return place;
  if (const auto item = parents_->Find(parent->disk_path, component, parent->case_sensitive)) {
    place.disk_name = item->disk_name;
    place.parents_have_it = !item->is_removed;
    place.parents_have_folder = item->is_folder;
  }
  return place;
}

NameState ImportNames::StateOf(const std::u16string& key) const {
  if (folders_.contains(key)) return NameState::kFolder;
  const auto found = others_.find(HashOf(key));
  return found == others_.end() ? NameState::kNone : found->second;
}

void ImportNames::Note(const ImportPlace& place, NameState state) {
  others_[HashOf(place.key)] = state;
}

ImportFolder* ImportNames::NoteFolder(const ImportPlace& place) {
  ImportFolder* folder = AddFolder(place);
  return std::exchange(folder->has_entry, true) ? nullptr : folder;
}

ImportFolder* ImportNames::AddFolder(const ImportPlace& place) {
  const auto [found, is_new] = folders_.try_emplace(place.key);
  ImportFolder& folder = found->second;
  if (!is_new) return &folder;
  folder.key = place.key;
  folder.disk_path = place.disk_path();
  folder.hides_parents =
      parents_->empty() || !place.parents_have_folder || place.state == NameState::kRemoved;
  others_.erase(HashOf(place.key));
  return &folder;
}

}  // namespace hcs::emulator
