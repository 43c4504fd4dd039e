# The emulated host's HNS, below the table.
add_library(emulator_network_fixture STATIC emulator_network_fixture.cc)
target_link_libraries(emulator_network_fixture
  PUBLIC hcs_emulator_network Catch2::Catch2 hcsd_options Threads::Threads)
foreach(subject addresses requests networks endpoints policies attachments references state crash
                load nonsense)
  hcs_add_test(emulator_network_${subject}_test emulator_network_${subject}_test.cc
    LIBS emulator_network_fixture)
endforeach()

# And in the table, with containers.
hcs_add_test(emulator_network_table_test emulator_network_table_test.cc LIBS emulator_test_host)
target_compile_definitions(emulator_network_table_test PRIVATE
  HCS_TEST_LIBRARY="$<TARGET_FILE:hcs_vmcompute>")
add_dependencies(emulator_network_table_test hcs_vmcompute)
