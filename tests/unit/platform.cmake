hcs_add_test(platform_unicode_test
  platform_case_mapping_test.cc
  platform_linux_name_test.cc
  platform_unicode_test.cc
  LIBS hcs_platform)
hcs_add_test(platform_process_test platform_process_test.cc LIBS hcs_platform)
hcs_add_test(platform_container_scope_test
  platform_container_scope_test.cc
  platform_scope_place_test.cc
  platform_scope_usage_test.cc
  LIBS hcs_platform)
hcs_add_test(platform_pseudo_terminal_test platform_pseudo_terminal_test.cc LIBS hcs_platform)
hcs_add_test(platform_rooted_path_test platform_rooted_path_test.cc LIBS hcs_platform)
