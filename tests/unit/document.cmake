hcs_add_test(document_test
  document_go_api_test.cc
  document_invalid_field_test.cc
  document_json_syntax_test.cc
  document_reading_test.cc
  document_round_trip_test.cc
  document_timestamp_test.cc
  document_writing_test.cc
  LIBS hcs_document nlohmann_json::nlohmann_json)
