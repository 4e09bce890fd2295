// The compiler for the ESP8266 comes without a C library; its core brings this.
#pragma once

#include <stdint.h>

using time_t = int64_t;
extern "C" time_t time(time_t* now);
