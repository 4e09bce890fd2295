// What the sketch uses of the servo library that comes with the core of ESP8266.
#pragma once

#include <stdint.h>

class Servo {
 public:
  uint8_t attach(int pin, uint16_t shortest, uint16_t longest, int value);
  void detach();
  void writeMicroseconds(int value);
  bool attached();
};
