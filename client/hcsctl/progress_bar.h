// How far long work has come: one line on a terminal, written over again and again.

#ifndef HCS_CLIENT_HCSCTL_PROGRESS_BAR_H_
#define HCS_CLIENT_HCSCTL_PROGRESS_BAR_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/time/time.h"

namespace hcs::ctl {

struct Progress {
  std::string title;
  uint64_t done = 0;              // Bytes.
  std::optional<uint64_t> total;  // As far as it is known.
  absl::Duration elapsed;
};

// The line, of at most `width` characters; what does not fit is left out, the bar first:
//   importing base [=====>     ]  45%  12.3 MiB of 27.0 MiB  85.2 MiB/s
std::string ProgressText(const Progress& progress, int width);

// On stderr, if that is a terminal; otherwise all of this does nothing. The line goes when
// the bar does, so that what is printed next stands in its place. One thread at a time.
class ProgressBar {
 public:
  ProgressBar();
  ~ProgressBar();

  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  // What is done next: the count and the clock begin again.
  void Begin(std::string title, std::optional<uint64_t> total);
  // Bytes done so far. Cheap: the line is written ten times a second at most.
  void Update(uint64_t done);

 private:
  void Draw();
  void Erase();

  const bool shown_;
  Progress progress_;
  absl::Time begin_;
  absl::Time next_draw_ = absl::InfinitePast();
  bool drawn_ = false;
};

}  // namespace hcs::ctl

#endif  // HCS_CLIENT_HCSCTL_PROGRESS_BAR_H_
