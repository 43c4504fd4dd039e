# Libraries, as Debian 12 ships them. docs/dependencies.md says why each is here.

find_package(Threads REQUIRED)
find_package(absl REQUIRED)
find_package(Protobuf 3.21 REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(spdlog REQUIRED)
find_package(OpenSSL 3.0 REQUIRED COMPONENTS Crypto)
find_package(ZLIB 1.2 REQUIRED)
find_package(zstd REQUIRED)
if(HCSD_WITH_GRPC)
  find_package(gRPC 1.51 CONFIG REQUIRED)
  find_package(CLI11 REQUIRED)
endif()

# Standalone Asio is headers alone. Clang needs to be told that it has coroutines.
find_path(HCSD_ASIO_INCLUDE asio.hpp REQUIRED)
add_library(hcsd_asio INTERFACE)
target_include_directories(hcsd_asio SYSTEM INTERFACE ${HCSD_ASIO_INCLUDE})
target_compile_definitions(hcsd_asio INTERFACE ASIO_STANDALONE ASIO_NO_DEPRECATED)
# ThreadSanitizer does not know fences. Here they are not needed: an io_context runs on one thread,
# and what is posted to it goes through its mutex.
if(HCSD_SANITIZE MATCHES thread)
  target_compile_definitions(hcsd_asio INTERFACE ASIO_DISABLE_FENCED_BLOCK)
endif()
if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
  target_compile_definitions(hcsd_asio INTERFACE ASIO_HAS_CO_AWAIT ASIO_HAS_STD_COROUTINE)
endif()
target_link_libraries(hcsd_asio INTERFACE Threads::Threads)

# Catch2 2's main is compiled once, here, for every test binary.
if(HCSD_BUILD_TESTS)
  find_package(Catch2 2.13 REQUIRED)
  include(Catch)
endif()
