// A node as a program, driven by lines, so that a computer can try all that befalls a board.
//
//   program FLASH_FILE SLOTS LONGEST_WORK [serves] [operates] [dies]
//
// With `dies` it is its process that a cut ends, at that very moment, by SIGKILL.
//
// Each line is carried out at once, and what came of it ends with a line `.`:
//
//   power                switch on: RAM is new, flash is what the file holds
//   connect              the broker has it
//   receive HEX          a message on `cmd`
//   tick MILLISECONDS    since power
//   clock UNIX_SECONDS   with three decimals or none
//   ready 0|1            what the board's sensors say
//   motor STATUS PERCENT what the motor does from now on: moving, or how it ended
//   refuse TEXT          the board refuses what comes with this; without a text, nothing
//   wire 0|1             whether a message leaves
//   cut STEP             the power goes in the next write: 0 before the slot is erased,
//                        1 after that, 2 after the first byte, and so on
//   wear SLOTS           bits of the slots whose writes do not hold
//
// What it prints: `say TOPIC RETAINED TEXT`, `move ID KIND PORTIONS HOPPER BOWL PET SERVO ON`,
// `halt`, `restart`, `wrote SLOT`, `cut`.
#include "../src/mqtt_dispatch_node.h"

#include <csetjmp>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>

namespace {

using namespace mqtt_dispatch;

std::jmp_buf power_goes;

class Computer final : public Board {
 public:
  Computer(std::FILE* flash, int slots, bool dies)
      : flash_(flash), slots_(slots), dies_(dies) {}

  int slots() const override { return slots_; }

  bool read(int slot, uint8_t* data, size_t size) override {
    std::fseek(flash_, slot * kSector, SEEK_SET);
    return std::fread(data, 1, size, flash_) == size;
  }

  void write(int slot, const uint8_t* data, size_t size) override {
    const int steps = cut_;
    if (steps == 0) lose_power();
    for (int at = 0; at != kSector; ++at) put(slot, at, 0xFF);
    if (steps == 1) lose_power();
    // Flash that is erased holds 0xFF already, so a record may be whole before its end.
    size_t last = size - 1;
    while (last != 0 && data[last] == 0xFF) --last;
    for (size_t at = 0; at != size; ++at) {
      const bool is_worn = at == 5 && (worn_ >> slot & 1) != 0;
      put(slot, static_cast<int>(at), is_worn ? data[at] ^ 1 : data[at]);
      if (at == last) std::printf("wrote %d\n", slot);
      if (steps == static_cast<int>(at) + 2) lose_power();
    }
    std::fflush(flash_);
  }

  void move(const Command& command) override {
    static constexpr const char* kKinds[] = {"feed", "servo", "dc", "reboot", "unknown"};
    motion_ = {Outcome::begun, 0};
    std::printf("move %u %s %u %u %u %u %u %d\n", command.id,
                kKinds[static_cast<int>(command.kind)], command.portions, command.hopper,
                command.bowl, command.pet, command.servo, command.on);
  }

  Motion motion() override { return motion_; }
  void halt() override { std::puts("halt"); }
  void restart() override { std::puts("restart"); }

  bool say(Topic topic, const char* text, bool retained) override {
    static constexpr const char* kTopics[] = {"ack", "evt", "state"};
    if (leaves_) std::printf("say %s %d %s\n", kTopics[static_cast<int>(topic)], retained, text);
    return leaves_;
  }

  const char* refuses(const Command&) override { return refusal_[0] ? refusal_ : nullptr; }

  void set_motion(const char* status, int percent) {
    motion_ = {Outcome::begun, static_cast<uint8_t>(percent)};
    for (int each = 1; each <= static_cast<int>(Outcome::interrupted); ++each) {
      const Outcome outcome = static_cast<Outcome>(each);
      if (std::strcmp(status, status_of(outcome)) == 0) motion_.outcome = outcome;
    }
  }

  void set_refusal(const char* text) { std::snprintf(refusal_, sizeof refusal_, "%s", text); }
  void set_wire(bool leaves) { leaves_ = leaves; }
  void set_cut(int step) { cut_ = step; }
  void set_worn(unsigned slots) { worn_ = slots; }

  void power_on() {
    motion_ = {Outcome::success, 0};
    cut_ = -1;
  }

 private:
  static constexpr int kSector = 128;

  void put(int slot, int at, int byte) {
    std::fseek(flash_, slot * kSector + at, SEEK_SET);
    std::fputc(byte, flash_);
  }

  [[noreturn]] void lose_power() {
    std::fflush(flash_);
    std::puts("cut");
    if (dies_) {
      std::fflush(stdout);
      std::raise(SIGKILL);
    }
    std::longjmp(power_goes, 1);
  }

  std::FILE* flash_;
  int slots_;
  bool dies_;
  int cut_ = -1;
  unsigned worn_ = 0;
  bool leaves_ = true;
  Motion motion_{Outcome::success, 0};
  char refusal_[32] = "";
};

size_t bytes_of(const char* hex, uint8_t* bytes, size_t most) {
  size_t length = 0;
  unsigned byte = 0;
  for (; length != most && std::sscanf(hex, "%2x", &byte) == 1; hex += 2) {
    bytes[length++] = static_cast<uint8_t>(byte);
  }
  return length;
}

alignas(Node) unsigned char ram[sizeof(Node)];
Node* node = nullptr;
char line[8192];

bool is(const char* word) { return std::strncmp(line, word, std::strlen(word)) == 0; }

void carry_out(Computer& board, const Config& config) {
  const char* rest = std::strchr(line, ' ');
  rest = rest == nullptr ? "" : rest + 1;
  const unsigned number = static_cast<unsigned>(std::strtoul(rest, nullptr, 10));
  if (is("power")) {
    board.power_on();
    node = new (ram) Node(board, config);
    node->start();
  } else if (is("cut")) {
    board.set_cut(static_cast<int>(number));
  } else if (is("wear")) {
    board.set_worn(number);
  } else if (is("wire")) {
    board.set_wire(number != 0);
  } else if (is("refuse")) {
    board.set_refusal(rest);
  } else if (is("motor")) {
    char status[32] = "";
    int percent = 0;
    std::sscanf(rest, "%31s %d", status, &percent);
    board.set_motion(status, percent);
  } else if (node == nullptr) {
    return;
  } else if (is("connect")) {
    node->connected();
  } else if (is("receive")) {
    // Of its own size, so that a byte read beyond it is found; kept, for the power may go.
    static uint8_t* message = nullptr;
    uint8_t all[4096];
    const size_t length = bytes_of(rest, all, sizeof all);
    std::free(message);
    message = static_cast<uint8_t*>(std::malloc(length == 0 ? 1 : length));
    std::memcpy(message, all, length);
    node->receive(message, length);
  } else if (is("tick")) {
    node->tick(number);
  } else if (is("clock")) {
    const char* point = std::strchr(rest, '.');
    const char* thousandths = point == nullptr ? "0" : point + 1;
    node->set_clock({number, static_cast<uint32_t>(std::strtoul(thousandths, nullptr, 10))});
  } else if (is("ready")) {
    node->set_ready(number != 0);
  }
}

}  // namespace

int main(int count, char** words) {
  if (count < 4) return 2;
  std::FILE* flash = std::fopen(words[1], "r+b");
  if (flash == nullptr) return 1;
  std::setvbuf(flash, nullptr, _IONBF, 0);
  Config config;
  config.fw = "native";
  config.reset = "power";
  config.longest_work = static_cast<uint32_t>(std::atoi(words[3]));
  bool dies = false;
  for (int at = 4; at < count; ++at) {
    if (std::strcmp(words[at], "serves") == 0) config.dispenses = false;
    if (std::strcmp(words[at], "operates") == 0) config.operates = true;
    if (std::strcmp(words[at], "dies") == 0) dies = true;
  }
  static Computer board(flash, std::atoi(words[2]), dies);
  while (std::fgets(line, sizeof line, stdin) != nullptr) {
    line[std::strcspn(line, "\n")] = '\0';
    if (setjmp(power_goes) == 0) {
      carry_out(board, config);
    } else {
      node = nullptr;
    }
    std::puts(".");
    std::fflush(stdout);
  }
  std::fclose(flash);
  return 0;
}
