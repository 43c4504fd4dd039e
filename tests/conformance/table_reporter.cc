// The reporter "conformance": a table of the cases, and below a failed one what failed.

#define CATCH_CONFIG_EXTERNAL_INTERFACES
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/conformance/host_under_test.h"

namespace hcs::conformance {
namespace {

// Why the running case does not apply; empty while it does.
std::string& ReasonNotRun() {
  static std::string reason;
  return reason;
}

class TableReporter final : public Catch::StreamingReporterBase<TableReporter> {
 public:
  using StreamingReporterBase::StreamingReporterBase;

  static std::string getDescription() { return "a table: case, what, passed"; }

  void testRunStarting(const Catch::TestRunInfo& run) override {
    StreamingReporterBase::testRunStarting(run);
    stream << "| case | what | passed |\n| ---: | --- | --- |\n";
  }
  void assertionStarting(const Catch::AssertionInfo&) override {}
  bool assertionEnded(const Catch::AssertionStats& stats) override;
  void testCaseEnded(const Catch::TestCaseStats& stats) override;
  void testRunEnded(const Catch::TestRunStats& stats) override;

 private:
  std::vector<std::string> failures_;
};

bool TableReporter::assertionEnded(const Catch::AssertionStats& stats) {
  const Catch::AssertionResult& result = stats.assertionResult;
  if (result.isOk()) return true;
  std::string failure = std::string(result.getSourceInfo().file) + ":" +
                        std::to_string(result.getSourceInfo().line) + ": " +
                        result.getExpressionInMacro() + " with " + result.getExpandedExpression();
  if (result.hasMessage()) failure += ": " + static_cast<std::string>(result.getMessage());
  for (const Catch::MessageInfo& message : stats.infoMessages)
    failure += " [" + message.message + "]";
  failures_.push_back(std::move(failure));
  return true;
}

// Names are "case NN: what".
void TableReporter::testCaseEnded(const Catch::TestCaseStats& stats) {
  const std::string& name = stats.testInfo.name;
  const std::string number = name.substr(5, 2);
  const bool passed = stats.totals.assertions.allOk();
  const std::string outcome = !passed                  ? "NO"
                              : ReasonNotRun().empty() ? "yes"
                                                       : "not run: " + ReasonNotRun();
  stream << "| " << number << " | " << name.substr(9) << " | " << outcome << " |" << std::endl;
  for (const std::string& failure : failures_) stream << "    " << failure << std::endl;
  failures_.clear();
  ReasonNotRun().clear();
}

void TableReporter::testRunEnded(const Catch::TestRunStats& stats) {
  stream << "\n"
         << stats.totals.testCases.passed << " passed, " << stats.totals.testCases.failed
         << " failed" << std::endl;
}

CATCH_REGISTER_REPORTER("conformance", TableReporter)

}  // namespace

void DoesNotApply(const std::string& reason) { ReasonNotRun() = reason; }

}  // namespace hcs::conformance
