// Two sectors of flash that nothing else uses.
//
// ESP8266: the sector that the library EEPROM would use, and the one before it, which belongs
// to no sketch of less than a megabyte. ESP32: the last two of the partition for files.
#pragma once

#include <Arduino.h>
#include <stddef.h>
#include <stdint.h>

#ifdef ESP32
#include <esp_partition.h>

class FlashSectors {
 public:
  bool read(int sector, uint8_t* data, size_t size) {
    const esp_partition_t* files = partition();
    return files != nullptr && esp_partition_read(files, start(files, sector), data, size) == ESP_OK;
  }

  void write(int sector, const uint8_t* data, size_t size) {
    const esp_partition_t* files = partition();
    if (files == nullptr) return;
    const size_t at = start(files, sector);
    if (esp_partition_erase_range(files, at, kSector) == ESP_OK) {
      esp_partition_write(files, at, data, size);
    }
  }

 private:
  static constexpr size_t kSector = 4096;

  static const esp_partition_t* partition() {
    return esp_partition_find_first(ESP_PARTITION_TYPE_DATA, ESP_PARTITION_SUBTYPE_DATA_SPIFFS,
                                    nullptr);
  }

  static size_t start(const esp_partition_t* files, int sector) {
    return files->size - static_cast<size_t>(2 - sector) * kSector;
  }
};

#else
#include <flash_hal.h>

class FlashSectors {
 public:
  bool read(int sector, uint8_t* data, size_t size) {
    return ESP.flashRead(start(sector), data, size);
  }

  void write(int sector, const uint8_t* data, size_t size) {
    const uint32_t at = start(sector);
    if (ESP.flashEraseSector(at / kSector)) ESP.flashWrite(at, data, size);
  }

 private:
  static constexpr uint32_t kSector = 4096;
  static constexpr uint32_t kMapped = 0x40200000;  // where the processor sees its flash

  static uint32_t start(int sector) {
    return EEPROM_start - kMapped - static_cast<uint32_t>(1 - sector) * kSector;
  }
};

#endif
