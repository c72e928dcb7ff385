// The library's version.
#pragma once

#define LAVAPP_VERSION_MAJOR 0
#define LAVAPP_VERSION_MINOR 1
#define LAVAPP_VERSION_PATCH 0
#define LAVAPP_VERSION "0.1.0"
