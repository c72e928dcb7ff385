# Everything comes from the system; nothing is downloaded.
find_package(Threads REQUIRED)
find_package(Boost 1.74 REQUIRED CONFIG)  # headers alone; CMake's own module for it is gone from 3.30 on
find_package(OpenSSL 3 REQUIRED)
find_package(ZLIB REQUIRED)
find_package(Zstd REQUIRED)
find_package(nlohmann_json 3.10 REQUIRED)
# Asked for without a version: its package claims that 3.12 cannot stand in for 3.0.
find_package(simdjson REQUIRED CONFIG)
if(simdjson_VERSION VERSION_LESS 3.0)
  message(FATAL_ERROR "lavapp needs simdjson 3.0 or newer; ${simdjson_DIR} has ${simdjson_VERSION}")
endif()
