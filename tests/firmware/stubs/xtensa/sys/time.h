// The compiler for the ESP8266 comes without a C library; its core brings this.
#pragma once

#include <stdint.h>

using time_t = int64_t;
using suseconds_t = long;
struct timeval {
  time_t tv_sec;
  suseconds_t tv_usec;
};
extern "C" int gettimeofday(timeval* now, void* zone);
