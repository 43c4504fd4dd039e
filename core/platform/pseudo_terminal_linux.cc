#include <fcntl.h>
#include <sys/ioctl.h>
#include <termios.h>

#include <cerrno>
#include <utility>

#include "core/platform/pseudo_terminal.h"

namespace hcs::platform {
namespace {

int SetUtf8(int terminal) {
  termios settings;
  if (tcgetattr(terminal, &settings) != 0) return errno;
  settings.c_iflag |= IUTF8;
  return tcsetattr(terminal, TCSANOW, &settings) == 0 ? 0 : errno;
}

}  // namespace

int OpenPseudoTerminal(TerminalSize size, PseudoTerminal* result) {
  UniqueFd controller(open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC));
  if (!controller) return errno;
  const int unlocked = 0;
  if (ioctl(controller.get(), TIOCSPTLCK, &unlocked) != 0) return errno;
  // By descriptor, not by /dev/pts/N: the name may belong to another mount namespace.
  UniqueFd terminal(ioctl(controller.get(), TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC));
  if (!terminal) return errno;
  if (const int error = SetUtf8(terminal.get())) return error;
  if (const int error = ResizeTerminal(terminal.get(), size)) return error;
  result->controller = std::move(controller);
  result->terminal = std::move(terminal);
  return 0;
}

int ResizeTerminal(int fd, TerminalSize size) {
  winsize window = {};
  window.ws_row = size.rows;
  window.ws_col = size.columns;
  return ioctl(fd, TIOCSWINSZ, &window) == 0 ? 0 : errno;
}

int GetTerminalSize(int fd, TerminalSize* size) {
  winsize window = {};
  if (ioctl(fd, TIOCGWINSZ, &window) != 0) return errno;
  *size = {window.ws_row, window.ws_col};
  return 0;
}

}  // namespace hcs::platform
