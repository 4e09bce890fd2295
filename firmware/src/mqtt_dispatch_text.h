// What a node says: one flat JSON object, written into a buffer of its own.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "mqtt_dispatch_command.h"

namespace mqtt_dispatch {

class Text {
 public:
  // What is longer is left out from the first member that does not fit.
  static constexpr size_t kLongest = 256;

  Text() { put('{'); }

  Text& with(const char* name, uint32_t value, bool negative = false) {
    open(name);
    if (negative) put('-');
    digits(value, 1);
    return closed();
  }

  Text& with(const char* name, const Moment& moment) {
    open(name);
    digits(moment.seconds, 1);
    put('.');
    digits(moment.thousandths, 3);
    return closed();
  }

  // Letters that would need an escape are shown as `_`, and 31 of them at most.
  Text& with(const char* name, const char* value) {
    open(name);
    put('"');
    for (int count = 0; *value != '\0' && count != 31; ++value, ++count) {
      const char letter = *value;
      const bool plain = letter >= ' ' && letter <= '~' && letter != '"' && letter != '\\';
      put(plain ? letter : '_');
    }
    put('"');
    return closed();
  }

  // Returns the whole text, which ends with a zero.
  const char* text() {
    letters_[kept_] = '}';
    letters_[kept_ + 1] = '\0';
    return letters_;
  }

 private:
  void open(const char* name) {
    length_ = kept_;
    if (kept_ != 1) put(',');
    put('"');
    for (; *name != '\0'; ++name) put(*name);
    put('"');
    put(':');
  }

  void digits(uint32_t value, int least) {
    char letters[10];
    int count = 0;
    do {
      letters[count++] = static_cast<char>('0' + value % 10);
      value /= 10;
    } while (value != 0 || count < least);
    while (count != 0) put(letters[--count]);
  }

  void put(char letter) {
    if (length_ != kLongest) letters_[length_++] = letter;
  }

  Text& closed() {
    if (length_ != kLongest) kept_ = length_;
    return *this;
  }

  char letters_[kLongest + 2];
  size_t length_ = 0;
  size_t kept_ = 1;
};

}  // namespace mqtt_dispatch
