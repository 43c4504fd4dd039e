hcs_add_test(host_test
  host_call_monitor_test.cc
  host_calls_test.cc
  host_error_test.cc
  host_fake_table.cc
  host_fault_injection_test.cc
  host_layers_test.cc
  host_notification_test.cc
  LIBS hcs_host hcs_document)
hcs_add_test(host_emulated_test host_emulated_test.cc LIBS hcs_host hcs_document emulator_test_host)
