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
    -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer -O1 -g1)
  target_link_options(scission_flags INTERFACE -fsanitize=address,undefined)
endif()

add_custom_target(unit_tests)

function(scission_test target label)
  cmake_parse_arguments(arg "" "TIMEOUT" "SOURCES;LINK" ${ARGN})
  add_executable(${target} ${arg_SOURCES})
  target_link_libraries(${target} PRIVATE scission_flags GTest::gtest_main GTest::gmock ${arg_LINK})
  target_compile_definitions(${target} PRIVATE SCISSION_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
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

function(scission_module name)
  cmake_parse_arguments(arg "" "" "SOURCES;TESTS;PUBLIC;PRIVATE;TEST_LINK" ${ARGN})
  add_library(scission_${name} STATIC ${arg_SOURCES})
  add_library(scission::${name} ALIAS scission_${name})
  target_link_libraries(scission_${name} PUBLIC ${arg_PUBLIC} PRIVATE scission_flags ${arg_PRIVATE})
  if(arg_TESTS AND BUILD_TESTING)
    scission_test(${name}_test unit SOURCES ${arg_TESTS}
      LINK scission_${name} ${arg_PRIVATE} ${arg_TEST_LINK})
    add_dependencies(unit_tests ${name}_test)
  endif()
endfunction()
