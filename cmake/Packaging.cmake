# What is installed beside the program, and the Debian package made from all that is installed
# (scripts/package makes it).
find_program(HELP2MAN help2man)
if(HELP2MAN)
  add_custom_command(OUTPUT man/scission.1.gz
    COMMAND "${CMAKE_SOURCE_DIR}/scripts/man_pages" man "${PROJECT_VERSION}"
            ${CMAKE_CROSSCOMPILING_EMULATOR} "$<TARGET_FILE:scission>"
    DEPENDS scission "${CMAKE_SOURCE_DIR}/scripts/man_pages")
  add_custom_target(man_pages ALL DEPENDS man/scission.1.gz)
  install(DIRECTORY "${CMAKE_BINARY_DIR}/man/" DESTINATION "${CMAKE_INSTALL_MANDIR}/man1")
endif()

install(FILES completions/scission.bash RENAME scission
  DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions")
install(FILES completions/_scission
  DESTINATION "${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions")
install(FILES completions/scission.fish
  DESTINATION "${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d")

# The licences, in the file where Debian looks for them.
set(copyright "${CMAKE_BINARY_DIR}/copyright")
file(READ NOTICE notice)
file(WRITE "${copyright}" "${notice}
On Debian systems the Apache License 2.0 is in /usr/share/common-licenses/Apache-2.0.
")
if(ONNXRUNTIME_COPYRIGHT)
  file(READ "${ONNXRUNTIME_COPYRIGHT}" onnxruntime_copyright)
  file(APPEND "${copyright}" "
ONNX Runtime, which is installed with Scission, and what it contains:

${onnxruntime_copyright}")
endif()
install(FILES "${copyright}" DESTINATION "${CMAKE_INSTALL_DOCDIR}")

set(maintainer "The Scission authors <scission@localhost>")
string(TIMESTAMP now "%a, %d %b %Y %H:%M:%S +0000" UTC)
file(WRITE "${CMAKE_BINARY_DIR}/changelog" "scission (${PROJECT_VERSION}) unstable; urgency=medium

  * See CHANGELOG.md of the sources.

 -- ${maintainer}  ${now}
")
execute_process(COMMAND gzip -9nf "${CMAKE_BINARY_DIR}/changelog" COMMAND_ERROR_IS_FATAL ANY)
install(FILES "${CMAKE_BINARY_DIR}/changelog.gz" DESTINATION "${CMAKE_INSTALL_DOCDIR}")

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_DIRECTORY "${CMAKE_SOURCE_DIR}/build")
set(CPACK_PACKAGE_CONTACT "${maintainer}")
set(CPACK_PACKAGE_DESCRIPTION
  "Scission measures a deep neural network block by block on the machines that
could run it (a device near the data, an edge server, the cloud), takes the
network between them, and prints the plans with the lowest end-to-end latency,
those that do not split it among them. It runs any ONNX model.")
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE
  GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# They draw the pictures; all else works without them.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "gnuplot-nox, graphviz, fonts-dejavu-core")
include(CPack)
