// What the sketch uses of Wi-Fi, which both cores call the same.
#pragma once

#include <stddef.h>
#include <stdint.h>

enum wl_status_t { WL_IDLE_STATUS = 0, WL_CONNECTED = 3, WL_DISCONNECTED = 6 };
enum WiFiMode_t { WIFI_OFF = 0, WIFI_STA = 1 };

#ifdef ESP32
using Dbm = int8_t;
#else
using Dbm = int32_t;
#endif

class WiFiClass {
 public:
  void persistent(bool persistent);
  bool mode(WiFiMode_t mode);
  wl_status_t begin(const char* name, const char* password = nullptr, int32_t channel = 0,
                    const uint8_t* bssid = nullptr, bool connect = true);
  bool disconnect(bool wifi_off = false);
  wl_status_t status();
  Dbm RSSI();
};

extern WiFiClass WiFi;

class Client {};

class WiFiClient : public Client {
 public:
#ifdef ESP32
  void setConnectionTimeout(uint32_t milliseconds);
#else
  void setTimeout(unsigned long milliseconds);
#endif
};
