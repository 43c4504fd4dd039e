hcs_add_test(image_test
  image_archive_test.cc
  image_reference_test.cc
  image_spool_test.cc
  LIBS hcs_image nlohmann_json::nlohmann_json)
