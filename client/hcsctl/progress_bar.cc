#include "client/hcsctl/progress_bar.h"

#include <algorithm>
#include <iostream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "client/hcsctl/terminal.h"
#include "client/hcsctl/text.h"

namespace hcs::ctl {
namespace {

constexpr absl::Duration kInterval = absl::Milliseconds(100);
// Before this a rate says nothing.
constexpr absl::Duration kFirstRate = absl::Milliseconds(300);
constexpr int kUsualWidth = 80;
constexpr int kShortestBar = 10;
constexpr int kLongestBar = 40;
constexpr char kErase[] = "\r\033[K";

std::string RateText(const Progress& progress) {
  if (progress.elapsed < kFirstRate) return "";
  const double rate = static_cast<double>(progress.done) / absl::ToDoubleSeconds(progress.elapsed);
  return absl::StrCat("  ", BytesText(static_cast<uint64_t>(rate)), "/s");
}

// "[===>   ]", `length` characters in all.
std::string BarText(double share, int length) {
  const int inside = length - 2;
  const int filled = std::clamp(static_cast<int>(share * inside), 0, inside);
  std::string bar(filled, '=');
  if (filled < inside) bar += '>';
  bar.resize(inside, ' ');
  return absl::StrCat("[", bar, "]");
}

}  // namespace

std::string ProgressText(const Progress& progress, int width) {
  const std::string title = Printable(progress.title);
  const bool bounded = progress.total && *progress.total > 0;
  std::string facts = BytesText(progress.done);
  double share = 0;
  if (bounded) {
    share =
        std::min(1.0, static_cast<double>(progress.done) / static_cast<double>(*progress.total));
    facts = absl::StrFormat("%3d%%  %s of %s", static_cast<int>(share * 100), facts,
                            BytesText(*progress.total));
  }
  facts += RateText(progress);
  std::string text = absl::StrCat(title, " ", facts);
  // A blank around the bar on either side.
  const int room = width - static_cast<int>(text.size()) - 1;
  if (bounded && room >= kShortestBar) {
    text = absl::StrCat(title, " ", BarText(share, std::min(room, kLongestBar)), " ", facts);
  }
  if (static_cast<int>(text.size()) > width) text.resize(std::max(width, 0));
  return text;
}

ProgressBar::ProgressBar() : shown_(StderrIsTerminal()) {}

ProgressBar::~ProgressBar() { Erase(); }

void ProgressBar::Begin(std::string title, std::optional<uint64_t> total) {
  progress_ = {std::move(title), 0, total, absl::ZeroDuration()};
  begin_ = absl::Now();
  next_draw_ = begin_;
  Update(0);
}

void ProgressBar::Update(uint64_t done) {
  if (!shown_) return;
  progress_.done = done;
  const absl::Time now = absl::Now();
  if (now < next_draw_) return;
  next_draw_ = now + kInterval;
  progress_.elapsed = now - begin_;
  Draw();
}

void ProgressBar::Draw() {
  const auto size = TerminalSize();
  // In the last column some terminals begin another line.
  const int width = (size ? static_cast<int>(size->width()) : kUsualWidth) - 1;
  std::cerr << kErase << ProgressText(progress_, width) << std::flush;
  drawn_ = true;
}

void ProgressBar::Erase() {
  if (std::exchange(drawn_, false)) std::cerr << kErase << std::flush;
}

}  // namespace hcs::ctl
