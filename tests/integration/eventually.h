// Waiting for what the machine does in its own time.

#ifndef HCS_TESTS_INTEGRATION_EVENTUALLY_H_
#define HCS_TESTS_INTEGRATION_EVENTUALLY_H_

#include <chrono>
#include <thread>

namespace hcs::integration {

// Whether `condition` comes true before a generous time is up. For what tells
// nobody when it happens, such as another process' end.
template <typename Condition>
bool Eventually(Condition condition, std::chrono::seconds patience = std::chrono::seconds(60)) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

}  // namespace hcs::integration

#endif  // HCS_TESTS_INTEGRATION_EVENTUALLY_H_
