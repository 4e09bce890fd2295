// The servo: pulses while it moves, and none while it stands.
#pragma once

#include <Arduino.h>

#ifdef ESP32

class Arm {
 public:
  void begin(uint8_t pin) {
    pin_ = pin;
    ledcAttach(pin, kPulsesPerSecond, kBits);
    let_go();
  }

  void turn_to(uint16_t microseconds) {
    ledcWrite(pin_, microseconds * (1u << kBits) / (1000000 / kPulsesPerSecond));
  }

  void let_go() { ledcWrite(pin_, 0); }

 private:
  static constexpr uint32_t kPulsesPerSecond = 50;
  static constexpr uint8_t kBits = 14;  // the most that each ESP32 can

  uint8_t pin_ = 0;
};

#else

#include <Servo.h>

class Arm {
 public:
  void begin(uint8_t pin) {
    pin_ = pin;
    pinMode(pin, OUTPUT);
    digitalWrite(pin, LOW);
  }

  void turn_to(uint16_t microseconds) {
    // Attached with its first value, or it would turn to the middle before.
    if (!servo_.attached()) servo_.attach(pin_, kShortest, kLongest, microseconds);
    servo_.writeMicroseconds(microseconds);
  }

  void let_go() { servo_.detach(); }

 private:
  static constexpr uint16_t kShortest = 500;
  static constexpr uint16_t kLongest = 2500;

  Servo servo_;
  uint8_t pin_ = 0;
};

#endif
