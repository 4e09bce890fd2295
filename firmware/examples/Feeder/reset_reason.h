// Why the board started, in a word that its state carries.
#pragma once

#include <Arduino.h>

#ifdef ESP32
#include <esp_system.h>

inline const char* reset_reason() {
  switch (esp_reset_reason()) {
    case ESP_RST_POWERON: return "power";
    case ESP_RST_EXT: return "button";
    case ESP_RST_SW: return "restart";
    case ESP_RST_PANIC: return "crash";
    case ESP_RST_INT_WDT:
    case ESP_RST_TASK_WDT:
    case ESP_RST_WDT: return "watchdog";
    case ESP_RST_BROWNOUT: return "brownout";
    default: return "other";
  }
}

#else
#include <user_interface.h>

inline const char* reset_reason() {
  switch (ESP.getResetInfoPtr()->reason) {
    case REASON_DEFAULT_RST: return "power";
    case REASON_EXT_SYS_RST: return "button";
    case REASON_SOFT_RESTART: return "restart";
    case REASON_EXCEPTION_RST: return "crash";
    case REASON_WDT_RST:
    case REASON_SOFT_WDT_RST: return "watchdog";
    default: return "other";
  }
}

#endif
