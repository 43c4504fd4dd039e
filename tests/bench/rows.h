// The rows of the table: each measures the daemon and its ceiling in turns.

#ifndef HCS_TESTS_BENCH_ROWS_H_
#define HCS_TESTS_BENCH_ROWS_H_

#include <vector>

#include "tests/bench/daemon_calls.h"
#include "tests/bench/report.h"

namespace hcs::bench {

// How much is measured: in a quick run, enough to see that all works.
struct Effort {
  int unary_calls = 20'000;
  int64_t stream_bytes = int64_t{1} << 30;
  int execs = 1'000;
  int streams = 1'000;
  int64_t bytes_per_stream = int64_t{1} << 20;
  int containers = 10'000;

  static Effort Quick() { return {2'000, int64_t{64} << 20, 100, 100, int64_t{1} << 18, 200}; }
};

// GetContainer beside an empty echo of as many bytes, p50 and p99.
std::vector<Row> UnaryLatency(Servers& servers, const Effort& effort);
// One process, one client, beside a bare stream of the same chunks, and beside a bare relay of the
// same process' output: the one shows what the pipe and the process cost, the other what hcsd does.
std::vector<Row> StdoutThroughput(Servers& servers, const Effort& effort);
std::vector<Row> StdinThroughput(Servers& servers, const Effort& effort);
// A process that exits at once, beside posix_spawn, wait and a bare stream.
std::vector<Row> ExecLatency(Servers& servers, const Effort& effort);
// One process watched by many clients, beside the same bytes on one stream.
std::vector<Row> ManyStreams(Servers& servers, const Effort& effort);
// List, get and the daemon's memory with a tenth of the containers and with all.
std::vector<Row> ManyContainers(Servers& servers, const Effort& effort);

}  // namespace hcs::bench

#endif  // HCS_TESTS_BENCH_ROWS_H_
