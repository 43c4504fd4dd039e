hcs_add_test(network_test
  network_document_change_test.cc
  network_documents_test.cc
  network_hns_response_test.cc
  network_hns_test.cc
  host_fake_table.cc
  LIBS hcs_network hcs_document nlohmann_json::nlohmann_json)
