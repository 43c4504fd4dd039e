hcs_add_test(layer_backup_stream_test
  layer_backup_stream_test.cc
  layer_file_info_test.cc
  LIBS hcs_backup_stream)
hcs_add_test(layer_entry_test
  layer_ea_data_test.cc
  layer_name_test.cc
  layer_reparse_buffer_test.cc
  LIBS hcs_layer_entry)
add_library(layer_test_entries STATIC layer_test_entries.cc)
target_link_libraries(layer_test_entries PUBLIC hcs_layer_entry hcsd_options)
hcs_add_test(layer_transport_folder_test
  layer_transport_bad_entries_test.cc
  layer_transport_bad_folder_test.cc
  layer_transport_round_trip_test.cc
  LIBS hcs_transport_folder layer_test_entries)
