// Where a node keeps what it executed.
//
// ESP8266: the last two sectors of the room for files, which nothing of ESPHome uses; its
// preferences would lose all in a power cut while they are written. Elsewhere: two preferences,
// written at once, in a store that survives that.
#pragma once

#include <cstddef>
#include <cstdint>

#include "esphome/core/defines.h"
#include "esphome/core/preferences.h"

namespace esphome::mqtt_dispatch_node {

class NodeFlash {
 public:
  void setup(uint32_t key);
  bool read(int slot, uint8_t *data, size_t size);
  void write(int slot, const uint8_t *data, size_t size);

#ifndef USE_ESP8266

 protected:
  ESPPreferenceObject slots_[2];
#endif
};

}  // namespace esphome::mqtt_dispatch_node
