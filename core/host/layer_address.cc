#include "core/host/layer_address.h"

namespace hcs::host {
namespace {

constexpr char kSeparators[] = "\\/";

}  // namespace

std::string LayerAddress::path() const {
  if (home_folder.empty()) return id;
  const char last = home_folder.back();
  if (last == '\\' || last == '/') return home_folder + id;
  return home_folder + (home_folder.front() == '/' ? '/' : '\\') + id;
}

std::string_view LastPathComponent(std::string_view path) {
  const size_t end = path.find_last_not_of(kSeparators);
  if (end == path.npos) return {};
  path = path.substr(0, end + 1);
  return path.substr(path.find_last_of(kSeparators) + 1);
}

}  // namespace hcs::host
