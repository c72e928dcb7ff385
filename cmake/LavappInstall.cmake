# cmake --install, so that find_package(lavapp) gives lavapp::lavapp and, where it was built, lavapp::sandbox.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(config_dir ${CMAKE_INSTALL_LIBDIR}/cmake/lavapp)
set(targets lavapp)
if(LAVAPP_BUILD_SANDBOX)
  list(APPEND targets lavapp_sandbox)
endif()
install(TARGETS ${targets} EXPORT lavappTargets)
if(TARGET lavapp-sandbox)
  install(TARGETS lavapp-sandbox)
endif()
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/lavapp DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
if(NOT LAVAPP_BUILD_SANDBOX)
  install(CODE "file(REMOVE_RECURSE \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_INCLUDEDIR}/lavapp/sandbox\")")
endif()
install(EXPORT lavappTargets NAMESPACE lavapp:: DESTINATION ${config_dir})
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/lavappConfig.cmake.in lavappConfig.cmake
  INSTALL_DESTINATION ${config_dir})
# Before 1.0 a minor version may break what another minor version promised.
write_basic_package_version_file(lavappConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_SOURCE_DIR}/cmake/FindZstd.cmake ${CMAKE_CURRENT_BINARY_DIR}/lavappConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/lavappConfigVersion.cmake
  DESTINATION ${config_dir})
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
