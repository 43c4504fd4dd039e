// How a layer is named to the host.

#ifndef HCS_CORE_HOST_LAYER_ADDRESS_H_
#define HCS_CORE_HOST_LAYER_ADDRESS_H_

#include <string>
#include <string_view>

namespace hcs::host {

// One of the host's two ways: a home folder and an id, or an empty home folder and a
// full path as the id.
struct LayerAddress {
  std::string home_folder;
  std::string id;

  // The layer's folder: `home_folder`, a separator of the kind that it uses, `id`.
  std::string path() const;
};

// What follows the last separator, of either kind; those at the end do not count.
std::string_view LastPathComponent(std::string_view path);

}  // namespace hcs::host

#endif  // HCS_CORE_HOST_LAYER_ADDRESS_H_
