// What the component of a node uses of ESPHome's MQTT client, with its signatures; a switch that
// closes where the chamber of its feeder is emptied; and a bowl. See mqtt_client.cpp.
#pragma once

#include <functional>
#include <string>

#include "esphome/core/component.h"
#include "esphome/core/helpers.h"

namespace esphome::mqtt {

struct MQTTMessage {
  std::string topic;
  std::string payload;
  uint8_t qos;
  bool retain;
};

using mqtt_callback_t = std::function<void(const std::string &, const std::string &)>;

class MQTTClientComponent : public Component {
 public:
  MQTTClientComponent();

  void set_last_will(MQTTMessage &&message) { this->will_ = std::move(message); }
  void subscribe(const std::string &topic, mqtt_callback_t callback, uint8_t qos = 0);
  bool publish(const std::string &topic, const char *payload, size_t length, uint8_t qos = 0, bool retain = false);
  bool is_connected() { return this->is_connected_; }

  void setup() override;
  void loop() override;
  float get_setup_priority() const override { return setup_priority::AFTER_WIFI; }

  bool is_switch_closed{false};
  bool is_bowl_there{true};

 protected:
  void reach_();
  void carry_out_(const char *line);

  HighFrequencyLoopRequester loops_;
  MQTTMessage will_;
  std::string topic_;
  mqtt_callback_t callback_;
  bool is_broker_there_{true};
  bool is_connected_{false};
};

extern MQTTClientComponent *global_mqtt_client;

// What a sensor would have told a broker, nobody hears here.
class MQTTBinarySensorComponent : public Component {
 public:
  template<typename Sensor> explicit MQTTBinarySensorComponent(Sensor *) {}
};

}  // namespace esphome::mqtt
