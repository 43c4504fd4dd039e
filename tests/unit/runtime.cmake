hcs_add_test(runtime_executor_test runtime_executor_test.cc LIBS hcs_runtime)
hcs_add_test(runtime_io_loop_test runtime_io_loop_test.cc LIBS hcs_runtime)
hcs_add_test(runtime_call_lane_test runtime_call_lane_test.cc LIBS hcs_runtime)
hcs_add_test(runtime_page_token_test runtime_page_token_test.cc LIBS hcs_runtime)
hcs_add_test(runtime_validation_test runtime_validation_test.cc LIBS hcs_runtime)
hcs_add_test(runtime_request_cache_test runtime_request_cache_test.cc LIBS hcs_runtime)
hcs_add_test(runtime_state_store_test runtime_state_store_test.cc runtime_state_damage_test.cc
             LIBS hcs_runtime)
hcs_add_test(runtime_event_journal_test runtime_event_journal_test.cc LIBS hcs_runtime)
hcs_add_test(runtime_statistics_sampler_test runtime_statistics_sampler_test.cc LIBS hcs_runtime)
hcs_add_test(runtime_stdio_hub_test runtime_stdio_hub_test.cc runtime_stdio_policy_test.cc
             LIBS hcs_runtime)
hcs_add_test(runtime_faults_test runtime_faults_test.cc LIBS hcs_runtime emulator_test_host)
hcs_add_test(runtime_layer_ledger_test runtime_layer_ledger_test.cc LIBS hcs_runtime)
hcs_add_test(runtime_layer_turns_test runtime_layer_turns_test.cc LIBS hcs_runtime)
hcs_add_test(runtime_layer_content_test runtime_layer_content_test.cc runtime_content_host.cc
             LIBS hcs_runtime layer_test_entries)
hcs_add_test(runtime_image_test runtime_image_test.cc runtime_content_host.cc
             LIBS hcs_runtime layer_test_entries nlohmann_json::nlohmann_json)
