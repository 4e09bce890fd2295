#include "node_component.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <sys/time.h>

#include "esphome/core/application.h"
#include "esphome/core/hal.h"
#include "esphome/core/helpers.h"
#include "esphome/core/log.h"
#ifdef USE_WIFI
#include "esphome/components/wifi/wifi_component.h"
#endif
#if defined(USE_ESP8266) || defined(USE_ESP32)
#include "mqtt_dispatch/mqtt_dispatch_reset.h"
#endif

namespace esphome::mqtt_dispatch_node {

using namespace ::mqtt_dispatch;

static const char *const TAG = "mqtt_dispatch_node";
static constexpr time_t LONG_AGO = 1700000000;
static constexpr uint32_t LOOK_EACH = 1000;

NodeComponent::NodeComponent(const std::string &prefix, const std::string &node)
    : command_topic_(prefix + "/cmd/" + node),
      topics_{prefix + "/ack/" + node, prefix + "/evt/" + node, prefix + "/state/" + node} {}

// Before the client of the broker begins, which is to know the will by then.
float NodeComponent::get_setup_priority() const { return setup_priority::AFTER_WIFI + 1.0f; }

void NodeComponent::setup() {
#if defined(USE_ESP8266) || defined(USE_ESP32)
  this->config_.reset = reset_reason();
#endif
  this->flash_.setup(fnv1_hash(this->command_topic_));
  this->node_.emplace(*this, this->config_);
  this->node_->start();
  mqtt::global_mqtt_client->set_last_will(
      mqtt::MQTTMessage{this->topics_[static_cast<int>(Topic::state)], kWill, 1, true});
  mqtt::global_mqtt_client->subscribe(
      this->command_topic_,
      [this](const std::string &, const std::string &payload) {
        this->node_->receive(reinterpret_cast<const uint8_t *>(payload.data()), payload.size());
      },
      1);
}

void NodeComponent::loop() {
  const bool is_connected = mqtt::global_mqtt_client->is_connected();
  this->node_->tick(millis());
  if (millis() - this->looked_ >= LOOK_EACH || this->looked_ == 0)
    this->look_around_();
  if (is_connected && !this->was_connected_)
    this->node_->connected();
  this->was_connected_ = is_connected;
}

// What is known anew each second.
void NodeComponent::look_around_() {
  this->looked_ = millis();
  timeval now;
  if (::gettimeofday(&now, nullptr) == 0 && now.tv_sec > LONG_AGO)
    this->node_->set_clock({static_cast<uint32_t>(now.tv_sec), static_cast<uint32_t>(now.tv_usec / 1000)});
#ifdef USE_BINARY_SENSOR
  if (this->ready_sensor_ != nullptr)
    this->node_->set_ready(this->ready_sensor_->has_state() && this->ready_sensor_->state);
#endif
#ifdef USE_SENSOR
  if (this->food_sensor_ != nullptr && this->food_sensor_->has_state() && !std::isnan(this->food_sensor_->state))
    this->node_->set_food(static_cast<uint8_t>(std::clamp(this->food_sensor_->state, 0.0f, 100.0f)));
#endif
#ifdef USE_WIFI
  if (wifi::global_wifi_component->is_connected())
    this->node_->set_rssi(wifi::global_wifi_component->wifi_rssi());
#endif
}

void NodeComponent::move(const Command &command) {
  this->motion_ = {Outcome::begun, 0};
  if (command.kind == Kind::feed) {
    this->feed_trigger_.trigger(command.portions, command.hopper, command.bowl, command.pet);
  } else {
    // The conveyor has no number.
    this->operate_trigger_.trigger(command.kind == Kind::servo ? command.servo : 0, command.on);
  }
}

void NodeComponent::end_work(Outcome outcome) {
  if (this->motion_.outcome == Outcome::begun)
    this->motion_.outcome = outcome;
}

void NodeComponent::set_progress(int percent) {
  this->motion_.percent = static_cast<uint8_t>(std::clamp(percent, 0, 100));
}

void NodeComponent::halt() {
  // What they would still say is of this work, and would end the next.
  this->feed_trigger_.stop_action();
  this->operate_trigger_.stop_action();
  this->halt_trigger_.trigger();
  this->end_work(Outcome::timeout);
}

void NodeComponent::restart() { App.safe_reboot(); }

bool NodeComponent::say(Topic topic, const char *text, bool retained) {
  auto *client = mqtt::global_mqtt_client;
  return client->is_connected() &&
         client->publish(this->topics_[static_cast<int>(topic)], text, std::strlen(text), 0, retained);
}

void NodeComponent::dump_config() {
  ESP_LOGCONFIG(TAG,
                "MQTT Dispatch node:\n"
                "  Commands: %s\n"
                "  Longest work: %u s",
                this->command_topic_.c_str(), static_cast<unsigned>(this->config_.longest_work));
}

}  // namespace esphome::mqtt_dispatch_node
