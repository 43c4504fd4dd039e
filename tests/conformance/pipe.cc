#include "tests/conformance/pipe.h"

namespace hcs::conformance {

std::string Pipe::ReadLine() {
  std::string line;
  for (char c; Read(&c, 1) == 1;) {
    line.push_back(c);
    if (c == '\n') break;
  }
  return line;
}

std::string Pipe::ReadToEnd() {
  std::string text;
  char buffer[16384];
  while (const size_t count = Read(buffer, sizeof(buffer))) text.append(buffer, count);
  return text;
}

}  // namespace hcs::conformance
