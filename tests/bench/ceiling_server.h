// gRPC with nothing behind it.

#ifndef HCS_TESTS_BENCH_CEILING_SERVER_H_
#define HCS_TESTS_BENCH_CEILING_SERVER_H_

#include <string>

namespace hcs::bench {

// Serves hcs.bench.Ceiling at a gRPC address until SIGTERM, after a line on
// standard output. The return value is the process' exit code.
int ServeCeiling(const std::string& address);

}  // namespace hcs::bench

#endif  // HCS_TESTS_BENCH_CEILING_SERVER_H_
