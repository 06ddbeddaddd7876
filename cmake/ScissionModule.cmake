# One target per module (a folder of src/). The link line states the architecture: a module may
# include and link only what it names under PUBLIC or PRIVATE.
#
#   scission_module(plan SOURCES planner.cc PUBLIC scission::profile TESTS planner_test.cc)
#
# Tests become one program, <name>_test, which ctest runs as the test <name>, label "unit".
include(GoogleTest)

add_library(scission_flags INTERFACE)
target_compile_options(scission_flags INTERFACE -Wall -Wextra -Wpedantic -Werror
  -Wno-missing-field-initializers  # options are structs with defaults, set by name
  -ffp-contract=off  # built-in weights and planned times are the same on every processor
  # g++ 12 warns of overlaps inside std::string that cannot be (GCC bug 105651).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)
target_include_directories(scission_flags INTERFACE "${CMAKE_SOURCE_DIR}/src")
if(SCISSION_SANITIZE)
  target_compile_options(scission_flags INTERFACE
    -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(scission_flags INTERFACE -fsanitize=address,undefined)
endif()

add_custom_target(unit_tests)

# Tests take longer to compile than to run, so they are not optimised, and what most of them include
# is parsed once. (A compiler cache has no use for that, and in optimised code g++ 12 then warns of what
# it knows to leave alone in system headers.) What they test is optimised all the same, and so are
# their helpers in testing/ folders, among them exhaustive searches.
set(test_options -O0 -pthread)  # as gRPC has it: who shares parsed headers shares options
if(BUILD_TESTING AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  file(CONFIGURE OUTPUT test_headers.cc CONTENT "")
  add_library(scission_test_headers OBJECT "${CMAKE_CURRENT_BINARY_DIR}/test_headers.cc")
  # Whoever reuses them must have the same options and definitions.
  target_compile_options(scission_test_headers PRIVATE ${test_options})
  target_link_libraries(scission_test_headers PRIVATE scission_flags
    GTest::gtest_main GTest::gmock fmt::fmt nlohmann_json::nlohmann_json)
  target_precompile_headers(scission_test_headers PRIVATE
    <gmock/gmock.h> <gtest/gtest.h> <nlohmann/json.hpp> <fmt/format.h> <filesystem>)
endif()

function(scission_test target label)
  cmake_parse_arguments(arg "" "TIMEOUT" "SOURCES;LINK" ${ARGN})
  add_executable(${target} ${arg_SOURCES})
  target_link_libraries(${target} PRIVATE scission_flags GTest::gtest_main GTest::gmock ${arg_LINK})
  target_compile_definitions(${target} PRIVATE SCISSION_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  target_compile_options(${target} PRIVATE ${test_options})
  if(TARGET scission_test_headers)
    target_precompile_headers(${target} REUSE_FROM scission_test_headers)
  endif()
  list(FILTER arg_SOURCES INCLUDE REGEX "^testing/")
  set_source_files_properties(${arg_SOURCES} PROPERTIES
    COMPILE_OPTIONS -O1 SKIP_PRECOMPILE_HEADERS ON)
  set(test ${target})
  if(SCISSION_SANITIZE)
    set(test asan.${target})
  endif()
  add_test(NAME ${test} COMMAND ${target} --gtest_brief=1)
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 300)
  endif()
  set_tests_properties(${test} PROPERTIES LABELS ${label} TIMEOUT ${arg_TIMEOUT}
    ENVIRONMENT "SCISSION_SOURCE_DIR=${CMAKE_SOURCE_DIR};LSAN_OPTIONS=suppressions=${CMAKE_SOURCE_DIR}/cmake/lsan.supp:print_suppressions=0")
endfunction()

# The tests that take longest to build: not worth the sanitizers' time in every run of CI. Most of what
# reads files and messages, and what shares memory, is tested with them; the readers of options (cli),
# of plans (report) and of workers' answers (cluster) are not.
set(unsanitized bench cli cluster deploy plan report validate)

function(scission_module name)
  cmake_parse_arguments(arg "" "" "SOURCES;TESTS;PUBLIC;PRIVATE;TEST_LINK" ${ARGN})
  add_library(scission_${name} STATIC ${arg_SOURCES})
  add_library(scission::${name} ALIAS scission_${name})
  target_link_libraries(scission_${name} PUBLIC ${arg_PUBLIC} PRIVATE scission_flags ${arg_PRIVATE})
  if(SCISSION_SANITIZE AND name IN_LIST unsanitized)
    return()
  endif()
  if(arg_TESTS AND BUILD_TESTING)
    scission_test(${name}_test unit SOURCES ${arg_TESTS}
      LINK scission_${name} ${arg_PRIVATE} ${arg_TEST_LINK})
    add_dependencies(unit_tests ${name}_test)
  endif()
endfunction()
