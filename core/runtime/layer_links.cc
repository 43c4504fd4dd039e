#include "core/runtime/layer_links.h"

#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/layer/layer_name.h"
#include "core/layer/rooted_folder.h"
#include "core/platform/linux_name.h"

namespace hcs::runtime {

using layer::ItemKind;
using layer::RootedFolder;

namespace {

// As the layer's folder has the name: a Linux file's own, where Windows' has characters of
// the private area in it.
std::string NameOnDisk(std::string_view name) {
  std::string on_disk;
  for (const std::string_view component : layer::NameComponents(name)) {
    if (!on_disk.empty()) on_disk += '\\';
    on_disk += platform::LinuxNameOf(component).value_or(std::string(component));
  }
  return on_disk;
}

}  // namespace

absl::Status MakeLayerLinks(const std::string& path, const std::vector<std::string>& parents,
                            absl::Span<const layer::PendingLink> links) {
  if (links.empty()) return absl::OkStatus();
  auto own = RootedFolder::Open(path);
  if (!own.ok()) return own.status();
  std::map<int, RootedFolder> opened;
  for (const layer::PendingLink& link : links) {
    RootedFolder* from = &*own;
    if (link.parent >= 0) {
      auto found = opened.find(link.parent);
      if (found == opened.end()) {
        auto parent = RootedFolder::Open(parents[link.parent]);
        if (!parent.ok()) return parent.status();
        found = opened.emplace(link.parent, *std::move(parent)).first;
      }
      from = &found->second;
    }
    if (absl::Status made = own->LinkFile(*from, NameOnDisk(link.target), NameOnDisk(link.name));
        !made.ok()) {
      return layer::InvalidName(link.name,
                                absl::StrCat("invalid hard link in layer: ", made.message()));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<int> LinkTargets::Find(const std::string& target) {
  while (folders_.size() < parents_.size()) {
    auto folder = RootedFolder::Open(parents_[folders_.size()]);
    if (!folder.ok()) return folder.status();
    folders_.push_back(*std::move(folder));
  }
  for (size_t i = 0; i < folders_.size(); ++i) {
    const auto kind = folders_[i].KindOf(NameOnDisk(target));
    if (kind.ok() && *kind == ItemKind::kFile) return static_cast<int>(i);
  }
  return -1;
}

}  // namespace hcs::runtime
