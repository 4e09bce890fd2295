// Why a board started, in a word that the state of its node carries.
#pragma once

#ifdef ESP8266

extern "C" {
#include <user_interface.h>
}

namespace mqtt_dispatch {

inline const char* reset_reason() {
  switch (system_get_rst_info()->reason) {
    case REASON_DEFAULT_RST: return "power";
    case REASON_EXT_SYS_RST: return "button";
    case REASON_SOFT_RESTART: return "restart";
    case REASON_EXCEPTION_RST: return "crash";
    case REASON_WDT_RST:
    case REASON_SOFT_WDT_RST: return "watchdog";
    default: return "other";
  }
}

}  // namespace mqtt_dispatch

#else

#include <esp_system.h>

namespace mqtt_dispatch {

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

}  // namespace mqtt_dispatch

#endif
