#include <catch2/catch.hpp>
#include <string>

#include "client/hcsctl/progress_bar.h"

namespace hcs::ctl {
namespace {

constexpr uint64_t kMiB = 1 << 20;

Progress Half() { return {"importing base", 10 * kMiB, 20 * kMiB, absl::Seconds(5)}; }

TEST_CASE("A bar shows share, bytes and rate, as wide as the terminal") {
  CHECK(ProgressText(Half(), 72) ==
        "importing base [========>        ]  50%  10.0 MiB of 20.0 MiB  2.0 MiB/s");
  CHECK(ProgressText(Half(), 500).size() == 93);
  CHECK(ProgressText(Half(), 60) == "importing base  50%  10.0 MiB of 20.0 MiB  2.0 MiB/s");
  for (int width = 0; width < 200; ++width) {
    CHECK(static_cast<int>(ProgressText(Half(), width).size()) <= width);
  }
}

TEST_CASE("Without a total there is no share, and without time there is no rate") {
  CHECK(ProgressText({"exporting x", 1536, std::nullopt, absl::Seconds(1)}, 80) ==
        "exporting x 1.5 KiB  1.5 KiB/s");
  CHECK(ProgressText({"exporting x", 1536, std::nullopt, absl::ZeroDuration()}, 80) ==
        "exporting x 1.5 KiB");
  CHECK(ProgressText({"empty", 0, 0, absl::ZeroDuration()}, 80) == "empty 0 B");
}

TEST_CASE("More than the total is the whole, and a title cannot steer the terminal") {
  CHECK_THAT(ProgressText({"a\033b", 3, 2, absl::ZeroDuration()}, 80),
             Catch::StartsWith("a\\x1bb [====") && Catch::Contains("=] 100%"));
}

}  // namespace
}  // namespace hcs::ctl
