#include "flash.h"

#include <cstring>

#include "mqtt_dispatch/mqtt_dispatch_node.h"

#ifdef USE_ESP8266
#include <Esp.h>
#include <flash_hal.h>
#endif

namespace esphome::mqtt_dispatch_node {

#ifdef USE_ESP8266

static constexpr uint32_t SECTOR = 4096;
static constexpr uint32_t MAPPED = 0x40200000;  // where the processor sees its flash

static uint32_t start_of(int slot) {
  return static_cast<uint32_t>(FS_end) - MAPPED - static_cast<uint32_t>(2 - slot) * SECTOR;
}

void NodeFlash::setup(uint32_t key) {}

bool NodeFlash::read(int slot, uint8_t *data, size_t size) { return ESP.flashRead(start_of(slot), data, size); }

void NodeFlash::write(int slot, const uint8_t *data, size_t size) {
  const uint32_t at = start_of(slot);
  if (ESP.flashEraseSector(at / SECTOR))
    ESP.flashWrite(at, data, size);
}

#else

struct Kept {
  uint8_t bytes[sizeof(::mqtt_dispatch::Memory::Record)];
};

void NodeFlash::setup(uint32_t key) {
  for (auto &slot : this->slots_)
    slot = global_preferences->make_preference<Kept>(key++, true);
}

bool NodeFlash::read(int slot, uint8_t *data, size_t size) {
  Kept kept;
  // What was never written is as blank as flash that is new.
  if (!this->slots_[slot].load(&kept))
    std::memset(&kept, 0xFF, sizeof kept);
  if (size > sizeof kept)
    return false;
  std::memcpy(data, &kept, size);
  return true;
}

void NodeFlash::write(int slot, const uint8_t *data, size_t size) {
  Kept kept;
  if (size > sizeof kept)
    return;
  std::memcpy(&kept, data, size);
  if (this->slots_[slot].save(&kept))
    global_preferences->sync();
}

#endif

}  // namespace esphome::mqtt_dispatch_node
