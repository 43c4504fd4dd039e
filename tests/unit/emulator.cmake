# Every test of the emulated host starts real workers.
add_library(emulator_test_host STATIC emulator_test_host.cc)
target_compile_definitions(emulator_test_host PUBLIC HCS_TEST_WORKER="$<TARGET_FILE:hcs-worker>")
target_link_libraries(emulator_test_host PUBLIC hcs_emulator Catch2::Catch2 hcsd_options)
add_dependencies(emulator_test_host hcs-worker)

hcs_add_test(emulator_life_test emulator_life_test.cc LIBS emulator_test_host)
hcs_add_test(emulator_notification_test emulator_notification_test.cc LIBS emulator_test_host)
hcs_add_test(emulator_process_test emulator_process_test.cc LIBS emulator_test_host)
hcs_add_test(emulator_states_test emulator_states_test.cc LIBS emulator_test_host)
hcs_add_test(emulator_survival_test emulator_survival_test.cc LIBS emulator_test_host)
hcs_add_test(emulator_library_test emulator_library_test.cc LIBS emulator_test_host)
target_compile_definitions(emulator_library_test PRIVATE
  HCS_TEST_LIBRARY="$<TARGET_FILE:hcs_vmcompute>")
add_dependencies(emulator_library_test hcs_vmcompute)
hcs_add_test(emulator_limit_probe_test emulator_limit_probe_test.cc LIBS emulator_test_host)
hcs_add_test(emulator_documents_test emulator_documents_test.cc LIBS hcs_emulator_common)

# Systems with a root of their own; those tests need root, runc and busybox-static.
add_library(emulator_container_root STATIC emulator_container_root.cc)
target_link_libraries(emulator_container_root PUBLIC emulator_test_host)
hcs_add_test(emulator_isolation_test emulator_isolation_test.cc LIBS emulator_container_root)
hcs_add_test(emulator_isolation_life_test emulator_isolation_life_test.cc
  LIBS emulator_container_root)
hcs_add_test(emulator_isolation_limits_test emulator_isolation_limits_test.cc
  LIBS emulator_container_root)
hcs_add_test(emulator_name_guid_test emulator_name_guid_test.cc LIBS hcs_emulator_layers)
hcs_add_test(emulator_linux_layer_test emulator_linux_layer_test.cc LIBS emulator_container_root)
# Processes are killed at 200 moments; the file says how to have more.
hcs_add_test(emulator_layer_crash_test emulator_layer_crash_test.cc LIBS emulator_test_host)
hcs_add_test(emulator_copied_view_test emulator_copied_view_test.cc LIBS emulator_test_host)
