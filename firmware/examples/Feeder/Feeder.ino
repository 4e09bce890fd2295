// A feeder that gives each meal once. Fill in settings.h; docs/node.md tells the rest.
#include <Arduino.h>
#include <mqtt_dispatch_node.h>
#include <mqtt_dispatch_reset.h>

#include "feeder.h"
#include "flash_sectors.h"
#include "link.h"
#include "settings.h"

namespace {

using namespace mqtt_dispatch;

Feeder feeder;
FlashSectors sectors;
Link network;

class FeederBoard final : public Board {
 public:
  bool read(int slot, uint8_t* data, size_t size) override {
    return sectors.read(slot, data, size);
  }

  void write(int slot, const uint8_t* data, size_t size) override {
    sectors.write(slot, data, size);
  }

  void move(const Command& command) override {
    feeder.give(settings::kDispenses ? command.portions : uint16_t{1});
  }

  Motion motion() override { return feeder.motion(); }
  void halt() override { feeder.halt(); }
  void restart() override { ESP.restart(); }

  bool say(Topic topic, const char* text, bool retained) override {
    return network.say(topic, text, retained);
  }

  const char* refuses(const Command& command) override {
    if (!settings::kDispenses) return nullptr;
    if (command.hopper > 1) return "no such hopper";
    return command.portions > settings::kMostPortions ? "too many portions" : nullptr;
  }
};

Config config() {
  constexpr uint32_t kSlack = 5;
  Config config;
  config.fw = "feeder 1.0";
  config.reset = reset_reason();
  config.longest_work = 2 * settings::kTurn * settings::kMostPortions / 1000 + kSlack;
  config.dispenses = settings::kDispenses;
  return config;
}

FeederBoard board;
Node node(board, config());

// What is known anew each second.
void look_around() {
  static uint32_t looked = 0;
  if (millis() - looked < 1000) return;
  looked = millis();
  if (const Moment now = Link::clock(); now.seconds != 0) node.set_clock(now);
  node.set_rssi(network.rssi());
}

}  // namespace

void setup() {
  feeder.begin();
  node.start();
  network.begin([](char*, uint8_t* bytes, unsigned int length) { node.receive(bytes, length); });
}

void loop() {
  feeder.tick();
  node.tick(millis());
  look_around();
  if (network.keep(!feeder.is_moving() && !node.is_waiting())) node.connected();
}
