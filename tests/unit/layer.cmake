hcs_add_test(layer_backup_stream_test
  layer_backup_stream_test.cc
  layer_file_info_test.cc
  LIBS hcs_backup_stream)
