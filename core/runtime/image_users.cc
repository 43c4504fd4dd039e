#include "core/runtime/image_users.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/runtime/container.h"
#include "core/runtime/image_store.h"
#include "core/runtime/layer_chain.h"
#include "core/runtime/services.h"

namespace hcs::runtime {
namespace {

using Keys = std::set<std::string>;

Keys KeysOfAllImages(const ImageStore& store) {
  Keys keys;
  for (const v1::Image& image : store.All()) {
    for (const v1::ImageLayer& layer : image.layers()) keys.insert(LayerKey(layer.path()));
  }
  return keys;
}

// The layers of which a user is the image's.
Keys KeysOfItsOwn(const ImageStore& store, const v1::Image& image) {
  Keys keys;
  for (const std::string& chain : store.LayersOfItsOwn(image)) {
    keys.insert(LayerKey(store.LayerPath(chain)));
  }
  const v1::ImageLayer& last = image.layers(image.layers_size() - 1);
  const auto all = store.All();
  const bool shared = std::ranges::any_of(all, [&](const v1::Image& other) {
    return other.id() != image.id() &&
           other.layers(other.layers_size() - 1).chain_id() == last.chain_id();
  });
  if (!shared) keys.insert(LayerKey(last.path()));
  return keys;
}

// The first of the paths, nearest first, that is an image's.
template <typename Paths>
std::string NearestKey(const Paths& paths, const Keys& images) {
  for (const std::string& path : paths) {
    std::string key = LayerKey(path);
    if (images.contains(key)) return key;
  }
  return "";
}

void AddLayers(const Services& services, const Keys& images, const Keys& own,
               std::set<std::string>* users) {
  for (const std::string& key : own) {
    for (const v1::LayerInfo& child : services.layer_ledger->ChildrenOf(key)) {
      if (images.contains(LayerKey(child.path()))) continue;
      if (NearestKey(child.parents(), images) != key) continue;
      const auto exists = services.host.layers().Exists({"", child.path()});
      if (exists.ok() && !*exists) {
        services.layer_ledger->Forget(child.path());
      } else {
        users->insert("layer " + child.path());
      }
    }
  }
}

void AddContainers(const Services& services, const Keys& images, const Keys& own,
                   std::set<std::string>* users) {
  for (const auto& container : services.containers.All()) {
    const v1::Container description = container->Describe();
    if (description.state() == v1::CONTAINER_STATE_STOPPED) continue;
    if (own.contains(NearestKey(description.layer_paths(), images))) {
      users->insert("container " + description.id());
    }
  }
}

}  // namespace

absl::Status CheckImageUnused(Services& services, const v1::Image& image) {
  const Keys images = KeysOfAllImages(*services.images);
  const Keys own = KeysOfItsOwn(*services.images, image);
  std::set<std::string> users;
  AddLayers(services, images, own, &users);
  AddContainers(services, images, own, &users);
  if (users.empty()) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("image ", image.id(), " is in use by ", absl::StrJoin(users, ", ")));
}

}  // namespace hcs::runtime
