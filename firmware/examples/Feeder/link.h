// Wi-Fi, the broker and the time. All of them may go and come at any moment.
#pragma once

#include <Arduino.h>
#ifdef ESP32
#include <WiFi.h>
#else
#include <ESP8266WiFi.h>
#endif
#include <PubSubClient.h>
#include <mqtt_dispatch_node.h>
#include <sys/time.h>

#include "settings.h"

class Link {
 public:
  using Receive = void (*)(char* topic, uint8_t* bytes, unsigned int length);

  Link() : mqtt_(tcp_) {}

  void begin(Receive receive) {
    WiFi.persistent(false);  // no writing to flash at each start
    WiFi.mode(WIFI_STA);
    join();
    configTime(0, 0, settings::kTimeServer);
    mqtt_.setServer(settings::kBroker, settings::kBrokerPort);
    mqtt_.setCallback(receive);
    mqtt_.setBufferSize(kLongestMessage);
    mqtt_.setSocketTimeout(kPatience / 1000);
#ifdef ESP32
    tcp_.setConnectionTimeout(kPatience);
#else
    tcp_.setTimeout(kPatience);
#endif
  }

  // Takes what came. True when the broker has just been reached, and `cmd` subscribed.
  // To reach it can take up to twice the patience, so that is left alone unless it `may_wait`.
  bool keep(bool may_wait) {
    if (mqtt_.loop() || !may_wait || !is_joined() || millis() - tried_ < kPause) return false;
    const bool reached = reach();
    if (!reached) mqtt_.disconnect();
    tried_ = millis();
    return reached;
  }

  bool say(mqtt_dispatch::Topic topic, const char* text, bool retained) {
    static constexpr const char* kTopics[] = {
        MQTT_PREFIX "/ack/" MQTT_NODE,
        MQTT_PREFIX "/evt/" MQTT_NODE,
        MQTT_PREFIX "/state/" MQTT_NODE,
    };
    return mqtt_.publish(kTopics[static_cast<int>(topic)], text, retained);
  }

  // Returns 0 where there is none.
  int8_t rssi() {
    const int dbm = is_joined() ? static_cast<int>(WiFi.RSSI()) : 0;
    return dbm < 0 && dbm >= -128 ? static_cast<int8_t>(dbm) : int8_t{0};
  }

  // Returns what time it is, or none until a time server answered.
  static mqtt_dispatch::Moment clock() {
    timeval now;
    if (gettimeofday(&now, nullptr) != 0 || now.tv_sec <= kLongAgo) return {};
    return {static_cast<uint32_t>(now.tv_sec), static_cast<uint32_t>(now.tv_usec / 1000)};
  }

 private:
  static constexpr uint16_t kLongestMessage = 768;  // a command with its topic
  static constexpr uint32_t kPatience = 2000;       // milliseconds, like those below
  static constexpr uint32_t kPause = 5000;
  static constexpr uint32_t kJoinAnew = 60000;
  static constexpr time_t kLongAgo = 1700000000;

  bool reach() {
    const bool has_user = settings::kBrokerUser[0] != '\0';
    return mqtt_.connect(MQTT_PREFIX "-" MQTT_NODE, has_user ? settings::kBrokerUser : nullptr,
                         has_user ? settings::kBrokerPassword : nullptr,
                         MQTT_PREFIX "/state/" MQTT_NODE, 1, true, mqtt_dispatch::kWill) &&
           mqtt_.subscribe(MQTT_PREFIX "/cmd/" MQTT_NODE, 1);
  }

  void join() {
    WiFi.begin(settings::kWifiName, settings::kWifiPassword);
    joined_ = millis();
  }

  // The board joins again by itself; should it give up, it is begun anew.
  bool is_joined() {
    if (WiFi.status() == WL_CONNECTED) {
      joined_ = millis();
      return true;
    }
    if (millis() - joined_ >= kJoinAnew) {
      WiFi.disconnect();
      join();
    }
    return false;
  }

  WiFiClient tcp_;
  PubSubClient mqtt_;
  uint32_t tried_ = 0 - kPause;
  uint32_t joined_ = 0;
};
