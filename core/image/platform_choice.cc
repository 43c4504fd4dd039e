#include "core/image/platform_choice.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <tuple>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/image/split.h"

namespace hcs::image {
namespace {

constexpr size_t kBuild = 2;

// "10.0.BUILD.REVISION"; what is missing, or no number, is 0.
using WindowsVersion = std::array<uint32_t, 4>;

WindowsVersion ReadVersion(std::string_view text) {
  WindowsVersion version{};
  size_t place = 0;
  for (const std::string_view part : Split(text, '.')) {
    if (place == version.size() || !absl::SimpleAtoi(std::string(part), &version[place])) break;
    ++place;
  }
  return version;
}

// More is better; nothing is no match.
using Fitness = std::tuple<bool, WindowsVersion>;

std::optional<Fitness> FitnessOf(const v1::ImagePlatform& candidate,
                                 const v1::ImagePlatform& wanted) {
  if (!wanted.os().empty() && candidate.os() != wanted.os()) return std::nullopt;
  if (!wanted.architecture().empty() && candidate.architecture() != wanted.architecture()) {
    return std::nullopt;
  }
  if (!wanted.variant().empty() && candidate.variant() != wanted.variant()) return std::nullopt;
  const WindowsVersion version = ReadVersion(candidate.os_version());
  if (candidate.os() != "windows" || wanted.os_version().empty()) return Fitness(false, version);
  const WindowsVersion host = ReadVersion(wanted.os_version());
  if (version[kBuild] > host[kBuild]) return std::nullopt;
  return Fitness(version[kBuild] == host[kBuild], version);
}

std::optional<size_t> BestFor(const std::vector<v1::ImagePlatform>& candidates,
                              const v1::ImagePlatform& wanted) {
  std::optional<size_t> best;
  std::optional<Fitness> best_fitness;
  for (size_t i = 0; i < candidates.size(); ++i) {
    const std::optional<Fitness> fitness = FitnessOf(candidates[i], wanted);
    if (!fitness || (best_fitness && *fitness <= *best_fitness)) continue;
    best = i;
    best_fitness = fitness;
  }
  return best;
}

std::string Texts(const std::vector<v1::ImagePlatform>& platforms) {
  return absl::StrJoin(platforms, ", ", [](std::string* text, const v1::ImagePlatform& platform) {
    absl::StrAppend(text, PlatformText(platform));
  });
}

}  // namespace

const char* MachineArchitecture() {
#if defined(__x86_64__) || defined(_M_X64)
  return "amd64";
#elif defined(__aarch64__) || defined(_M_ARM64)
  return "arm64";
#else
  return "";
#endif
}

std::string PlatformText(const v1::ImagePlatform& platform) {
  std::string text =
      absl::StrCat(platform.os().empty() ? "any" : platform.os(), "/",
                   platform.architecture().empty() ? "any" : platform.architecture());
  if (!platform.variant().empty()) absl::StrAppend(&text, "/", platform.variant());
  if (!platform.os_version().empty()) absl::StrAppend(&text, " (", platform.os_version(), ")");
  return text;
}

absl::StatusOr<size_t> ChoosePlatform(const std::vector<v1::ImagePlatform>& candidates,
                                      const PlatformWish& wish) {
  if (candidates.size() == 1 && !wish.strict) return 0;
  for (const v1::ImagePlatform& wanted : wish.order) {
    if (const std::optional<size_t> best = BestFor(candidates, wanted)) return *best;
  }
  return absl::NotFoundError(absl::StrCat("no image is for ", Texts(wish.order),
                                          "; there are images for ", Texts(candidates)));
}

}  // namespace hcs::image
