// What the sketch uses of the partitions of an ESP32.
#pragma once

#include <stddef.h>
#include <stdint.h>

using esp_err_t = int;
#define ESP_OK 0

enum esp_partition_type_t { ESP_PARTITION_TYPE_APP = 0x00, ESP_PARTITION_TYPE_DATA = 0x01 };
enum esp_partition_subtype_t { ESP_PARTITION_SUBTYPE_DATA_SPIFFS = 0x82 };

struct esp_partition_t {
  uint32_t address;
  uint32_t size;
};

extern "C" {
const esp_partition_t* esp_partition_find_first(esp_partition_type_t type,
                                                esp_partition_subtype_t subtype,
                                                const char* label);
esp_err_t esp_partition_read(const esp_partition_t* partition, size_t offset, void* data,
                             size_t size);
esp_err_t esp_partition_write(const esp_partition_t* partition, size_t offset, const void* data,
                              size_t size);
esp_err_t esp_partition_erase_range(const esp_partition_t* partition, size_t offset, size_t size);
}
