// Where the core of ESP8266 says that its last sectors are. The address is of 4 MB of flash.
#pragma once

#define EEPROM_start 0x405FB000u
