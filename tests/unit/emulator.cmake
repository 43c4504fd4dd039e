# Every test of the emulated host starts real workers.
add_library(emulator_test_host STATIC emulator_test_host.cc)
target_compile_definitions(emulator_test_host PRIVATE HCS_TEST_WORKER="$<TARGET_FILE:hcs-worker>")
target_link_libraries(emulator_test_host PUBLIC hcs_emulator Catch2::Catch2 hcsd_options)
add_dependencies(emulator_test_host hcs-worker)

hcs_add_test(emulator_life_test emulator_life_test.cc LIBS emulator_test_host)
