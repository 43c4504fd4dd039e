if(TARGET hcs_client)
  hcs_add_test(client_address_test client_address_test.cc LIBS hcs_client)
  hcs_add_test(client_error_test client_error_test.cc LIBS hcs_client)
  hcs_add_test(client_command_line_test client_command_line_test.cc
    LIBS hcs_client hcs_emulator_programs)
  hcs_add_test(client_calls_test client_calls_test.cc LIBS hcs_client)
  hcs_add_test(client_process_session_test client_process_session_test.cc LIBS hcs_client)
endif()
if(TARGET hcsctl_commands)
  hcs_add_test(hcsctl_text_test hcsctl_text_test.cc hcsctl_json_output_test.cc
    hcsctl_image_test.cc hcsctl_progress_bar_test.cc
    LIBS hcsctl_commands)
endif()
