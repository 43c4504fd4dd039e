#include "tests/conformance/programs.h"

namespace hcs::conformance {

const Programs& PosixPrograms() {
  static const Programs programs = {
      .copy_input = "cat",
      .sleep = "sleep 1000000",
      .spin = R"(sh -c "while :; do :; done")",
      .count = R"(sh -c "i=0; while :; do i=$((i+1)); echo $i; sleep 0.003; done")",
      .print_sizes = R"(sh -c "trap 'stty size' WINCH; stty size; while :; do read x || :; done")",
      .no_such_program = "no-such-program --at-all",
      .write_pattern = [](uint64_t bytes) {
        return "sh -c \"yes 0123456789abcde | head -c " + std::to_string(bytes) + "\"";
      }};
  return programs;
}

const Programs& WindowsPrograms() {
  static const Programs programs = {
      .copy_input = "findstr ^^",
      .sleep = "ping -t 127.0.0.1",
      .spin = R"(powershell -NoProfile -Command "while ($true) {}")",
      .count = R"(powershell -NoProfile -Command )"
               R"("for ($i = 1;; $i++) { $i; Start-Sleep -Milliseconds 3 }")",
      .print_sizes =
          R"(powershell -NoProfile -Command "$last = ''; while ($true) { )"
          R"($now = \"$([Console]::WindowHeight) $([Console]::WindowWidth)\"; )"
          R"(if ($now -ne $last) { $now; $last = $now }; Start-Sleep -Milliseconds 20 }")",
      .no_such_program = "no-such-program --at-all",
      .write_pattern = [](uint64_t bytes) {
        return "powershell -NoProfile -Command \"$o = [Console]::OpenStandardOutput(); "
               "$b = [Text.Encoding]::ASCII.GetBytes(('0123456789abcde' + [char]10) * 4096); "
               "for ($n = " +
               std::to_string(bytes) +
               "; $n -gt 0; $n -= $k) { $k = [Math]::Min($n, $b.Length); $o.Write($b, 0, $k) }\"";
      }};
  return programs;
}

}  // namespace hcs::conformance
