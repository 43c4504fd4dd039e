# Compiler and linker settings of the project's own targets. A target asks for
# them by linking `hcsd_options`; generated code does not, so that warnings in
# it, which nobody here can mend, do not stop a build.

add_library(hcsd_options INTERFACE)
target_include_directories(hcsd_options INTERFACE ${CMAKE_SOURCE_DIR})
if(MSVC)
  target_compile_options(hcsd_options INTERFACE /W4 /WX /utf-8 /permissive-)
else()
  target_compile_options(hcsd_options INTERFACE -Wall -Wextra -Werror -Wno-missing-field-initializers)
endif()

if(HCSD_SANITIZE)
  add_compile_options(-fsanitize=${HCSD_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${HCSD_SANITIZE})
endif()

# Every object counts the branches that it takes; tests/fuzz links libFuzzer itself.
if(HCSD_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

# Paths are hashed relative to the checkout, so that every build folder and every clone of one
# user shares what the cache holds.
find_program(HCSD_CCACHE ccache)
if(HCSD_CCACHE)
  set(launcher ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1
      ${HCSD_CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${launcher})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${launcher})
endif()

# Line numbers and function names are what a stack trace needs; the rest of the debug information
# costs a third of the build.
if(NOT MSVC)
  set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1 -DNDEBUG")
  set(CMAKE_CXX_FLAGS_DEBUG "-g1")
endif()

find_program(HCSD_MOLD mold)
if(HCSD_MOLD AND NOT WIN32)
  add_link_options(-fuse-ld=mold)
endif()
