// A broker that is played, and the clock of the computer, which moves only when it is told to:
// the lines are those of ../../world.cpp, without `wifi` and `cut`, with `bowl 0|1`, and so is what
// is printed.
#include "mqtt_client.h"

#include <sys/time.h>
#include <time.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

constexpr uint32_t ROUND = 10;
constexpr uint32_t PAUSE = 5000;  // after which a client tries again

uint32_t now = 1000;
uint32_t until = 1000;
uint32_t tried = 0 - PAUSE;
time_t unix_seconds = 0;

}  // namespace

// The linker puts these in the place of the C library's.
extern "C" int __wrap_clock_gettime(clockid_t, timespec *spec) {
  spec->tv_sec = now / 1000;
  spec->tv_nsec = now % 1000 * 1000000L;
  return 0;
}

extern "C" int __wrap_gettimeofday(timeval *told, void *) {
  told->tv_sec = unix_seconds == 0 ? 8 : unix_seconds + now / 1000;
  told->tv_usec = now % 1000 * 1000L;
  return 0;
}

namespace esphome::mqtt {

MQTTClientComponent *global_mqtt_client = nullptr;

MQTTClientComponent::MQTTClientComponent() {
  global_mqtt_client = this;
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
}

void MQTTClientComponent::setup() { this->loops_.start(); }

void MQTTClientComponent::reach_() {
  this->is_connected_ = true;
  std::printf("reach %s %d %s\n", this->will_.topic.c_str(), this->will_.retain, this->will_.payload.c_str());
  std::printf("subscribe %s 1\n", this->topic_.c_str());
}

void MQTTClientComponent::subscribe(const std::string &topic, mqtt_callback_t callback, uint8_t qos) {
  this->topic_ = topic;
  this->callback_ = std::move(callback);
}

bool MQTTClientComponent::publish(const std::string &topic, const char *payload, size_t length, uint8_t qos,
                                  bool retain) {
  if (this->is_connected_)
    std::printf("say %s %d %.*s\n", topic.c_str(), retain, static_cast<int>(length), payload);
  return this->is_connected_;
}

// One round of time in each round of the loop; when it has passed, the next line is read.
void MQTTClientComponent::loop() {
  if (now < until) {
    now += ROUND;
  } else {
    static bool is_first = true;
    if (!is_first)
      std::puts(".");
    is_first = false;
    static char line[16384];
    if (std::fgets(line, sizeof line, stdin) == nullptr)
      std::exit(0);
    line[std::strcspn(line, "\n")] = '\0';
    this->carry_out_(line);
  }
  if (!this->is_connected_ && this->is_broker_there_ && now - tried >= PAUSE) {
    tried = now;
    this->reach_();
  }
}

void MQTTClientComponent::carry_out_(const char *line) {
  const auto is = [&](const char *word) { return std::strncmp(line, word, std::strlen(word)) == 0; };
  const char *rest = std::strchr(line, ' ');
  rest = rest == nullptr ? "" : rest + 1;
  const uint32_t number = static_cast<uint32_t>(std::strtoul(rest, nullptr, 10));
  if (is("pass")) {
    until = now + number;
  } else if (is("message")) {
    std::string payload;
    unsigned byte = 0;
    for (; std::sscanf(rest, "%2x", &byte) == 1; rest += 2)
      payload.push_back(static_cast<char>(byte));
    this->callback_(this->topic_, payload);
  } else if (is("broker")) {
    this->is_broker_there_ = number != 0;
    this->is_connected_ = false;
  } else if (is("time")) {
    unix_seconds = static_cast<time_t>(number) - now / 1000;
  } else if (is("switch")) {
    this->is_switch_closed = number != 0;
  } else if (is("bowl")) {
    this->is_bowl_there = number != 0;
  }
}

}  // namespace esphome::mqtt
