// A node on the core of `firmware/src`, whose motor is an automation.
#pragma once

#include <optional>
#include <string>

#include "esphome/components/mqtt/mqtt_client.h"
#include "esphome/core/automation.h"
#include "esphome/core/component.h"
#include "esphome/core/defines.h"
#ifdef USE_BINARY_SENSOR
#include "esphome/components/binary_sensor/binary_sensor.h"
#endif
#ifdef USE_SENSOR
#include "esphome/components/sensor/sensor.h"
#endif

#include "flash.h"
#include "mqtt_dispatch/mqtt_dispatch_node.h"

namespace esphome::mqtt_dispatch_node {

class NodeComponent final : public Component, public ::mqtt_dispatch::Board {
 public:
  NodeComponent(const std::string &prefix, const std::string &node);

  void set_version(const char *version) { this->config_.fw = version; }
  void set_dispenses(bool dispenses) { this->config_.dispenses = dispenses; }
  void set_operates() { this->config_.operates = true; }
  void set_longest_work(uint32_t seconds) { this->config_.longest_work = seconds; }
#ifdef USE_BINARY_SENSOR
  void set_ready_sensor(binary_sensor::BinarySensor *sensor) { this->ready_sensor_ = sensor; }
#endif
#ifdef USE_SENSOR
  void set_food_sensor(sensor::Sensor *sensor) { this->food_sensor_ = sensor; }
#endif

  Trigger<uint32_t, uint32_t, uint32_t, uint32_t> *get_feed_trigger() { return &this->feed_trigger_; }
  Trigger<uint32_t, bool> *get_operate_trigger() { return &this->operate_trigger_; }
  Trigger<> *get_halt_trigger() { return &this->halt_trigger_; }

  // What the automation says of its work. When nothing moves, nobody is told.
  void end_work(::mqtt_dispatch::Outcome outcome);
  void set_progress(int percent);

  void setup() override;
  void loop() override;
  void dump_config() override;
  float get_setup_priority() const override;

  bool read(int slot, uint8_t *data, size_t size) override { return this->flash_.read(slot, data, size); }
  void write(int slot, const uint8_t *data, size_t size) override { this->flash_.write(slot, data, size); }
  void move(const ::mqtt_dispatch::Command &command) override;
  ::mqtt_dispatch::Motion motion() override { return this->motion_; }
  void halt() override;
  void restart() override;
  bool say(::mqtt_dispatch::Topic topic, const char *text, bool retained) override;

 protected:
  void look_around_();

  std::string command_topic_;
  std::string topics_[3];  // ack, evt, state
  ::mqtt_dispatch::Config config_;
  ::mqtt_dispatch::Motion motion_{::mqtt_dispatch::Outcome::success, 0};
  NodeFlash flash_;
  std::optional<::mqtt_dispatch::Node> node_;
  Trigger<uint32_t, uint32_t, uint32_t, uint32_t> feed_trigger_;
  Trigger<uint32_t, bool> operate_trigger_;
  Trigger<> halt_trigger_;
#ifdef USE_BINARY_SENSOR
  binary_sensor::BinarySensor *ready_sensor_{nullptr};
#endif
#ifdef USE_SENSOR
  sensor::Sensor *food_sensor_{nullptr};
#endif
  uint32_t looked_{0};
  bool was_connected_{false};
};

template<typename... Ts> class DoneAction : public Action<Ts...> {
 public:
  explicit DoneAction(NodeComponent *node) : node_(node) {}
  void play(const Ts &...) override { this->node_->end_work(::mqtt_dispatch::Outcome::success); }

 protected:
  NodeComponent *node_;
};

template<typename... Ts> class FailedAction : public Action<Ts...> {
 public:
  explicit FailedAction(NodeComponent *node) : node_(node) {}
  void set_reason(::mqtt_dispatch::Outcome reason) { this->reason_ = reason; }
  void play(const Ts &...) override { this->node_->end_work(this->reason_); }

 protected:
  NodeComponent *node_;
  ::mqtt_dispatch::Outcome reason_{::mqtt_dispatch::Outcome::failed};
};

template<typename... Ts> class ProgressAction : public Action<Ts...> {
 public:
  explicit ProgressAction(NodeComponent *node) : node_(node) {}
  TEMPLATABLE_VALUE(int, percent)
  void play(const Ts &...x) override { this->node_->set_progress(this->percent_.value(x...)); }

 protected:
  NodeComponent *node_;
};

}  // namespace esphome::mqtt_dispatch_node
