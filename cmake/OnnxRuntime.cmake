# Defines onnxruntime::onnxruntime. Looked for in ONNXRUNTIME_ROOT (an unpacked official release),
# then in the system, then where scripts/setup put it. The target is defined here because the
# releases' own CMake files are wrong in several versions.
set(ONNXRUNTIME_ROOT "" CACHE PATH "Unpacked ONNX Runtime release (include/ and lib/)")
set(bundled "${CMAKE_SOURCE_DIR}/third_party/onnxruntime")

if(ONNXRUNTIME_ROOT)
  set(where PATHS "${ONNXRUNTIME_ROOT}" NO_DEFAULT_PATH)
else()
  set(where HINTS "" PATHS "${bundled}")
endif()
find_path(ONNXRUNTIME_INCLUDE_DIR onnxruntime_cxx_api.h ${where}
  PATH_SUFFIXES include include/onnxruntime include/onnxruntime/core/session)
find_library(ONNXRUNTIME_LIBRARY onnxruntime ${where} PATH_SUFFIXES lib lib64)
if(NOT ONNXRUNTIME_INCLUDE_DIR OR NOT ONNXRUNTIME_LIBRARY)
  message(FATAL_ERROR "ONNX Runtime not found: run scripts/setup, or give -DONNXRUNTIME_ROOT=DIR")
endif()

find_file(ONNXRUNTIME_COPYRIGHT NAMES copyright LICENSE PATHS "${ONNXRUNTIME_ROOT}" "${bundled}"
  NO_DEFAULT_PATH)

add_library(onnxruntime::onnxruntime SHARED IMPORTED)
set_target_properties(onnxruntime::onnxruntime PROPERTIES
  IMPORTED_LOCATION "${ONNXRUNTIME_LIBRARY}"
  INTERFACE_INCLUDE_DIRECTORIES "${ONNXRUNTIME_INCLUDE_DIR}")
