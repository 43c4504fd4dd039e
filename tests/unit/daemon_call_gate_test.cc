#include <catch2/catch.hpp>
#include <thread>
#include <vector>

#include "absl/synchronization/notification.h"
#include "daemon/rpc/call_gate.h"

namespace hcs::rpc {
namespace {

class Recorded final : public OpenCall {
 public:
  void End(const grpc::Status& status) override {
    codes.push_back(status.error_code());
    if (!ended.HasBeenNotified()) ended.Notify();
  }
  std::vector<grpc::StatusCode> codes;
  absl::Notification ended;
};

TEST_CASE("closing refuses the new, ends the endless and spares the finite") {
  CallGate gate;
  Recorded finite, endless, late;
  REQUIRE(gate.Enter(&finite, CallGate::Span::kFinite));
  REQUIRE(gate.Enter(&endless, CallGate::Span::kEndless));
  gate.Close();
  CHECK(endless.codes == std::vector{grpc::StatusCode::UNAVAILABLE});
  CHECK(finite.codes.empty());
  CHECK_FALSE(gate.Enter(&late, CallGate::Span::kFinite));
  gate.EndAll();
  CHECK(finite.codes == std::vector{grpc::StatusCode::UNAVAILABLE});
  gate.Leave(&finite);
  gate.Leave(&endless);
  CHECK(gate.WaitUntilEmpty(absl::ZeroDuration()));
}

TEST_CASE("waiting ends when the last call leaves, or the time is up") {
  CallGate gate;
  Recorded call;
  REQUIRE(gate.Enter(&call, CallGate::Span::kFinite));
  CHECK_FALSE(gate.WaitUntilEmpty(absl::Milliseconds(1)));
  std::thread leaving([&] {
    call.ended.WaitForNotification();
    gate.Leave(&call);
  });
  gate.Close();
  gate.EndAll();
  CHECK(gate.WaitUntilEmpty(absl::Minutes(1)));
  leaving.join();
}

}  // namespace
}  // namespace hcs::rpc
