// What you fill in before you flash.
#pragma once

#include <stdint.h>

// As you call them in Home Assistant.
#define MQTT_PREFIX "disp"
#define MQTT_NODE "1"

namespace settings {

constexpr char kWifiName[] = "your Wi-Fi";
constexpr char kWifiPassword[] = "its password";

// Its address in numbers: to look up a name takes time in which nothing else is done.
constexpr char kBroker[] = "192.168.1.10";
constexpr uint16_t kBrokerPort = 1883;
constexpr char kBrokerUser[] = "";  // empty: none
constexpr char kBrokerPassword[] = "";

constexpr char kTimeServer[] = "pool.ntp.org";

// The pin of the servo's signal, as the chip counts them.
#ifdef ESP32
constexpr uint8_t kServoPin = 18;
#else
constexpr uint8_t kServoPin = 14;  // D5 on a D1 mini
#endif

// Where the chamber is filled and where it is emptied, in microseconds of a pulse, and how
// long the servo needs from one to the other, food included, in milliseconds.
constexpr uint16_t kFilledAt = 1000;
constexpr uint16_t kEmptiedAt = 2000;
constexpr uint32_t kTurn = 700;

// A switch that the chamber closes to ground where it is emptied: what does not get there is
// reported as jammed. -1: there is none, and a portion counts as given when the time is over.
constexpr int8_t kSwitchPin = -1;

constexpr uint16_t kMostPortions = 20;  // at once; more is refused

// false: the second node of a pair, which turns once for each meal.
constexpr bool kDispenses = true;

}  // namespace settings
