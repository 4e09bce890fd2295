// What the sketch uses of the cores of ESP8266 (3.1) and ESP32 (3.x), with their signatures.
#pragma once

#include <stddef.h>
#include <stdint.h>

#define LOW 0x0
#define HIGH 0x1
#define OUTPUT 0x1
#ifdef ESP32
#define INPUT_PULLUP 0x5
#else
#define INPUT_PULLUP 0x2
#endif

extern "C" {
uint32_t millis();  // an unsigned long, which has 32 bits on a board and 64 here
void pinMode(uint8_t pin, uint8_t mode);
void digitalWrite(uint8_t pin, uint8_t value);
int digitalRead(uint8_t pin);
}

#ifdef ESP32
extern "C" {
void configTime(long offset, int daylight, const char* server1, const char* server2 = nullptr,
                const char* server3 = nullptr);
bool ledcAttach(uint8_t pin, uint32_t frequency, uint8_t resolution);
bool ledcWrite(uint8_t pin, uint32_t duty);
}
#else
void configTime(int timezone, int daylight, const char* server1, const char* server2 = nullptr,
                const char* server3 = nullptr);
#endif

class EspClass {
 public:
#ifndef ESP32
  static bool flashEraseSector(uint32_t sector);
  static bool flashWrite(uint32_t address, const uint32_t* data, size_t size);
  static bool flashWrite(uint32_t address, const uint8_t* data, size_t size);
  static bool flashRead(uint32_t address, uint32_t* data, size_t size);
  static bool flashRead(uint32_t address, uint8_t* data, size_t size);
#endif
  void restart();
};

extern EspClass ESP;

void setup();
void loop();
