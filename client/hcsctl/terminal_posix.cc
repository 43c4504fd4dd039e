#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/hcsctl/terminal.h"

namespace hcs::ctl {

struct RawTerminal::Mode {
  termios attributes;
};

bool StdinIsTerminal() { return isatty(STDIN_FILENO) == 1; }
bool StdoutIsTerminal() { return isatty(STDOUT_FILENO) == 1; }
bool StderrIsTerminal() { return isatty(STDERR_FILENO) == 1; }

std::optional<v1::ConsoleSize> TerminalSize() {
  winsize window{};
  for (const int fd : {STDOUT_FILENO, STDIN_FILENO}) {
    if (ioctl(fd, TIOCGWINSZ, &window) == 0 && window.ws_row > 0 && window.ws_col > 0) {
      v1::ConsoleSize size;
      size.set_height(window.ws_row);
      size.set_width(window.ws_col);
      return size;
    }
  }
  return std::nullopt;
}

RawTerminal::RawTerminal(std::unique_ptr<Mode> saved) : saved_(std::move(saved)) {}

absl::StatusOr<std::unique_ptr<RawTerminal>> RawTerminal::Enter() {
  auto saved = std::make_unique<Mode>();
  if (tcgetattr(STDIN_FILENO, &saved->attributes) != 0) {
    return absl::UnavailableError(absl::StrCat("reading the terminal's mode: ", strerror(errno)));
  }
  termios raw = saved->attributes;
  cfmakeraw(&raw);
  if (tcsetattr(STDIN_FILENO, TCSADRAIN, &raw) != 0) {
    return absl::UnavailableError(absl::StrCat("setting the terminal's mode: ", strerror(errno)));
  }
  return std::unique_ptr<RawTerminal>(new RawTerminal(std::move(saved)));
}

RawTerminal::~RawTerminal() { tcsetattr(STDIN_FILENO, TCSADRAIN, &saved_->attributes); }

}  // namespace hcs::ctl
