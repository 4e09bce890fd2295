// The world of a board, so that a computer can run its sketch: one start of it, from power on
// until the power goes or it restarts, with a clock that moves only when it is told to.
//
//   RESET_REASON=0 program FLASH_FILE SECTORS_START
//
// The file holds two sectors; SECTORS_START is the address of the first, and to touch another
// ends the program. The reason of the start is a number as the core has it. Each line is carried out at once, and what came of it ends with a line `.`:
//
//   pass MILLISECONDS    in rounds of the loop of 10 ms
//   message HEX          comes on what is subscribed, in the next round of the loop
//   broker 0|1           whether it can be reached; a connection breaks
//   wifi 0|1
//   time UNIX_SECONDS    what a time server says
//   switch 0|1           whether the switch of the chamber is closed
//   cut STEP             the power goes in the next write: 0 before the sector is erased,
//                        1 after that, 2 after the first byte, and so on
//
// What it prints: `reach WILL_TOPIC WILL_RETAINED WILL`, `subscribe TOPIC QOS`,
// `say TOPIC RETAINED TEXT`, `servo MICROSECONDS`, `servo off`, `wrote ADDRESS`, `restart`, `cut`.
#include <Arduino.h>
#include <PubSubClient.h>
#include <network.h>
#include <sys/time.h>

#ifdef ESP32
#include <esp_partition.h>
#include <esp_system.h>
#else
#include <Servo.h>
#include <flash_hal.h>
#include <user_interface.h>
#endif

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

constexpr uint32_t kSector = 4096;
constexpr int kSectors = 2;
constexpr uint32_t kRound = 10;
constexpr size_t kHeader = 7;  // of an MQTT message, with the length of its topic

std::FILE* flash = nullptr;
uint32_t sectors_start = 0;
unsigned reset = 0;
int cut = -1;
int written_before_cut = 0;

uint32_t now = 0;
int64_t unix_seconds = 0;
bool is_wifi_there = true;
bool is_broker_there = true;
bool is_switch_closed = false;

bool has_begun_wifi = false;
bool is_connected = false;
bool is_subscribed = false;
size_t buffer_size = 256;
PubSubClient::Callback callback = nullptr;
uint8_t message[4096];
size_t message_length = 0;
bool has_message = false;

// Ends without a word more, as a board does that loses its power.
[[noreturn]] void end_with(const char* word) {
  std::fflush(flash);
  std::puts(word);
  std::fflush(stdout);
  std::_Exit(0);
}

[[noreturn]] void misuse(const char* what) {
  std::fprintf(stderr, "misuse: %s\n", what);
  std::abort();
}

void seek(uint32_t address, size_t size) {
  const bool inside =
      address >= sectors_start && address + size <= sectors_start + kSectors * kSector;
  if (!inside) misuse("flash outside of its sectors");
  std::fseek(flash, static_cast<long>(address - sectors_start), SEEK_SET);
}

void read_flash(uint32_t address, void* data, size_t size) {
  seek(address, size);
  if (std::fread(data, 1, size, flash) != size) misuse("flash that is not there");
}

void erase_flash(uint32_t address) {
  if (address % kSector != 0) misuse("erases what is no sector");
  if (cut == 0) end_with("cut");
  seek(address, kSector);
  for (uint32_t at = 0; at != kSector; ++at) std::fputc(0xFF, flash);
  if (cut == 1) end_with("cut");
}

// Writing can only turn ones to zeros.
void write_flash(uint32_t address, const void* data, size_t size) {
  const uint8_t* bytes = static_cast<const uint8_t*>(data);
  for (size_t at = 0; at != size; ++at) {
    uint8_t held = 0;
    read_flash(address + static_cast<uint32_t>(at), &held, 1);
    seek(address + static_cast<uint32_t>(at), 1);
    std::fputc(held & bytes[at], flash);
    if (cut == ++written_before_cut + 1) end_with("cut");
  }
  std::fflush(flash);
  std::printf("wrote %u\n", address);
}

void say_pulse(int microseconds) {
  static int before = 0;
  if (microseconds == before) return;
  before = microseconds;
  if (microseconds == 0) {
    std::puts("servo off");
  } else {
    std::printf("servo %d\n", microseconds);
  }
}

}  // namespace

uint32_t millis() { return now; }
void pinMode(uint8_t, uint8_t) {}
void digitalWrite(uint8_t, uint8_t) {}
int digitalRead(uint8_t) { return is_switch_closed ? LOW : HIGH; }

// The linker puts it in the place of the C library's.
extern "C" int __wrap_gettimeofday(timeval* told, void*) {
  told->tv_sec = static_cast<time_t>(unix_seconds == 0 ? 8 : unix_seconds + now / 1000);
  told->tv_usec = static_cast<suseconds_t>(now % 1000 * 1000);
  return 0;
}

EspClass ESP;
void EspClass::restart() { end_with("restart"); }

#ifdef ESP32

void configTime(long, int, const char*, const char*, const char*) {}
esp_reset_reason_t esp_reset_reason() { return static_cast<esp_reset_reason_t>(reset); }

bool ledcAttach(uint8_t, uint32_t frequency, uint8_t resolution) {
  return frequency == 50 && resolution == 14;
}

bool ledcWrite(uint8_t, uint32_t duty) {
  say_pulse(static_cast<int>((duty * 20000 + (1 << 13)) >> 14));
  return true;
}

const esp_partition_t* esp_partition_find_first(esp_partition_type_t, esp_partition_subtype_t,
                                                const char*) {
  static const esp_partition_t files = {0x290000, 0x160000};
  return &files;
}

esp_err_t esp_partition_read(const esp_partition_t* files, size_t offset, void* data,
                             size_t size) {
  read_flash(files->address + static_cast<uint32_t>(offset), data, size);
  return ESP_OK;
}

esp_err_t esp_partition_write(const esp_partition_t* files, size_t offset, const void* data,
                              size_t size) {
  write_flash(files->address + static_cast<uint32_t>(offset), data, size);
  return ESP_OK;
}

esp_err_t esp_partition_erase_range(const esp_partition_t* files, size_t offset, size_t size) {
  if (size != kSector) misuse("erases more than a sector");
  erase_flash(files->address + static_cast<uint32_t>(offset));
  return ESP_OK;
}

#else

void configTime(int, int, const char*, const char*, const char*) {}

rst_info* system_get_rst_info() {
  static rst_info info;
  info.reason = reset;
  return &info;
}

bool EspClass::flashRead(uint32_t address, uint8_t* data, size_t size) {
  read_flash(address, data, size);
  return true;
}

bool EspClass::flashEraseSector(uint32_t sector) {
  erase_flash(sector * kSector);
  return true;
}

bool EspClass::flashWrite(uint32_t address, const uint8_t* data, size_t size) {
  write_flash(address, data, size);
  return true;
}

static bool is_servo_attached = false;

uint8_t Servo::attach(int, uint16_t, uint16_t, int value) {
  is_servo_attached = true;
  say_pulse(value);
  return 1;
}

void Servo::detach() {
  is_servo_attached = false;
  say_pulse(0);
}

void Servo::writeMicroseconds(int value) {
  if (is_servo_attached) say_pulse(value);
}

bool Servo::attached() { return is_servo_attached; }

#endif

WiFiClass WiFi;
void WiFiClass::persistent(bool) {}
bool WiFiClass::mode(WiFiMode_t) { return true; }
bool WiFiClass::disconnect(bool) { return true; }
Dbm WiFiClass::RSSI() { return -61; }

wl_status_t WiFiClass::begin(const char*, const char*, int32_t, const uint8_t*, bool) {
  has_begun_wifi = true;
  return WL_DISCONNECTED;
}

wl_status_t WiFiClass::status() {
  return has_begun_wifi && is_wifi_there ? WL_CONNECTED : WL_DISCONNECTED;
}

#ifdef ESP32
void WiFiClient::setConnectionTimeout(uint32_t) {}
#else
void WiFiClient::setTimeout(unsigned long) {}
#endif

PubSubClient::PubSubClient(Client&) {}
PubSubClient& PubSubClient::setServer(const char*, uint16_t) { return *this; }
PubSubClient& PubSubClient::setSocketTimeout(uint16_t) { return *this; }

PubSubClient& PubSubClient::setCallback(Callback wanted) {
  callback = wanted;
  return *this;
}

boolean PubSubClient::setBufferSize(uint16_t size) {
  buffer_size = size;
  return true;
}

boolean PubSubClient::connect(const char*, const char*, const char*, const char* will_topic,
                              uint8_t, boolean will_retain, const char* will) {
  is_subscribed = false;
  is_connected = is_broker_there && is_wifi_there;
  if (is_connected) {
    std::printf("reach %s %d %s\n", will_topic, will_retain, will);
  } else {
    now += 2000;  // so long it waits for a broker that is not there
  }
  return is_connected;
}

void PubSubClient::disconnect() { is_connected = false; }

boolean PubSubClient::subscribe(const char* topic, uint8_t qos) {
  is_subscribed = is_connected;
  if (is_connected) std::printf("subscribe %s %d\n", topic, qos);
  return is_connected;
}

boolean PubSubClient::publish(const char* topic, const char* payload, boolean retained) {
  const bool fits = kHeader + std::strlen(topic) + std::strlen(payload) <= buffer_size;
  if (!is_connected || !fits) return false;
  // The message that is being read lies where this one is written.
  std::memset(message, 0, sizeof message);
  std::printf("say %s %d %s\n", topic, retained, payload);
  return true;
}

boolean PubSubClient::loop() {
  if (!is_connected) return false;
  if (has_message && is_subscribed) {
    has_message = false;
    static char topic[] = "";
    if (message_length + kHeader <= buffer_size) {
      callback(topic, message, static_cast<unsigned>(message_length));
    }
  }
  return is_connected;
}

namespace {

void carry_out(const char* line) {
  const auto is = [&](const char* word) { return std::strncmp(line, word, std::strlen(word)) == 0; };
  const char* rest = std::strchr(line, ' ');
  rest = rest == nullptr ? "" : rest + 1;
  const uint32_t number = static_cast<uint32_t>(std::strtoul(rest, nullptr, 10));
  if (is("pass")) {
    for (const uint32_t until = now + number; static_cast<int32_t>(until - now) > 0;) {
      now += kRound;
      loop();
    }
  } else if (is("message")) {
    unsigned byte = 0;
    message_length = 0;
    for (; std::sscanf(rest, "%2x", &byte) == 1; rest += 2) {
      message[message_length++] = static_cast<uint8_t>(byte);
    }
    has_message = true;
    loop();
  } else if (is("broker")) {
    is_broker_there = number != 0;
    is_connected = false;
  } else if (is("wifi")) {
    is_wifi_there = number != 0;
    is_connected = false;
  } else if (is("time")) {
    unix_seconds = static_cast<int64_t>(number) - now / 1000;
  } else if (is("switch")) {
    is_switch_closed = number != 0;
  } else if (is("cut")) {
    cut = static_cast<int>(number);
    written_before_cut = 0;
  }
}

struct Arguments {
  // Before the sketch's own objects are made, as a board knows these before they are.
  Arguments() {
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    const char* why = std::getenv("RESET_REASON");
    reset = why == nullptr ? 0 : static_cast<unsigned>(std::atoi(why));
  }
};

}  // namespace

__attribute__((init_priority(101))) static Arguments arguments;

int main(int count, char** words) {
  if (count < 3) return 2;
  flash = std::fopen(words[1], "r+b");
  if (flash == nullptr) return 1;
  sectors_start = static_cast<uint32_t>(std::strtoul(words[2], nullptr, 10));
  setup();
  static char line[16384];
  while (std::fgets(line, sizeof line, stdin) != nullptr) {
    line[std::strcspn(line, "\n")] = '\0';
    carry_out(line);
    std::puts(".");
  }
  std::fclose(flash);
  return 0;
}
