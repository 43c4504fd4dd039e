hcs_add_test(layer_backup_stream_test
  layer_backup_stream_test.cc
  layer_file_info_test.cc
  LIBS hcs_backup_stream)
hcs_add_test(layer_entry_test
  layer_ea_data_test.cc
  layer_name_test.cc
  layer_reparse_buffer_test.cc
  LIBS hcs_layer_entry)
