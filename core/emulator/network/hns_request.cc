#include "core/emulator/network/hns_request.h"

#include <algorithm>
#include <utility>

namespace hcs::emulator::hns {
namespace {

// Longer than any that means something.
constexpr size_t kMaxPath = 512;

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
char Upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

std::vector<std::string> Components(std::string_view path) {
  std::vector<std::string> components;
  while (!path.empty()) {
    const size_t end = std::min(path.find('/'), path.size());
    if (end > 0) components.emplace_back(path.substr(0, end));
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return components;
}

}  // namespace

Outcome<HnsRequest> ReadRequest(std::string_view method, std::string_view path, std::string body) {
  if (method.size() > kMaxPath || path.size() > kMaxPath) {
    return Status{abi::HCN_E_REQUEST_UNSUPPORTED,
                  "method and path have at most " + std::to_string(kMaxPath) + " characters"};
  }
  HnsRequest request;
  request.method.resize(method.size());
  std::transform(method.begin(), method.end(), request.method.begin(), Upper);
  std::string lower(path.size(), '\0');
  std::transform(path.begin(), path.end(), lower.begin(), Lower);
  request.path = Components(lower);
  request.body = std::move(body);
  return request;
}

bool Matches(const HnsRequest& request, std::string_view pattern, std::string* id) {
  const std::vector<std::string> parts = Components(pattern);
  if (parts.size() != request.path.size()) return false;
  for (size_t i = 0; i < parts.size(); ++i) {
    if (parts[i] == "{id}") {
      *id = request.path[i];
    } else if (parts[i] != request.path[i]) {
      return false;
    }
  }
  return true;
}

}  // namespace hcs::emulator::hns
