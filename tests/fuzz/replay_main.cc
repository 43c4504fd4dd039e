// A target without libFuzzer. Runs the files that it is given; or, without any, each seed, the
// seed cut short at every byte, and the seed with each byte changed: what an archive meets most
// often.

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <sstream>

#include "tests/fuzz/target.h"

namespace hcs::fuzz {
namespace {

// Of a long seed every n-th byte alone, so that a test stays one of seconds, and under
// ThreadSanitizer one of a minute or two.
constexpr size_t kMostPlaces = 2000;

size_t RunNear(const std::string& seed) {
  RunOne(seed);
  size_t runs = 1;
  const size_t step = 1 + seed.size() / kMostPlaces;
  for (size_t place = 0; place < seed.size(); place += step) {
    RunOne(std::string_view(seed).substr(0, place));
    std::string changed = seed;
    changed[place] = static_cast<char>(changed[place] ^ (1 << place % 8));
    RunOne(changed);
    changed[place] = static_cast<char>(~seed[place]);
    RunOne(changed);
    runs += 3;
  }
  return runs;
}

int Main(int argc, char** argv) {
  size_t runs = 0;
  for (int i = 1; i < argc; ++i) {
    std::ifstream file(argv[i], std::ios::binary);
    std::stringstream bytes;
    bytes << file.rdbuf();
    Require(file.good(), std::string("the file can be read: ") + argv[i]);
    RunOne(bytes.str());
    ++runs;
  }
  if (argc == 1) {
    for (const std::string& seed : Seeds()) runs += RunNear(seed);
  }
  std::printf("%zu inputs, every promise kept\n", runs);
  return 0;
}

}  // namespace
}  // namespace hcs::fuzz

int main(int argc, char** argv) { return hcs::fuzz::Main(argc, argv); }
