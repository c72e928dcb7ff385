# Everything comes from the system; nothing is downloaded.
find_package(Threads REQUIRED)
find_package(Boost 1.74 REQUIRED CONFIG)  # headers alone; CMake's own module for it is gone from 3.30 on
find_package(OpenSSL 3 REQUIRED)
find_package(ZLIB REQUIRED)
find_package(nlohmann_json 3.10 REQUIRED)
find_package(simdjson 3.0 REQUIRED)
