// What a node is told: one JSON object of at most 512 bytes. C++17, no heap, no exceptions.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace mqtt_dispatch {

constexpr size_t kLongestCommand = 512;
constexpr uint32_t kHighestId = 0x7FFFFFFF;

enum class Kind : uint8_t { feed, servo, conveyor, reboot, unknown };

// A moment of the clock, in unix seconds and thousandths of the next one; 0: none.
struct Moment {
  uint32_t seconds = 0;
  uint32_t thousandths = 0;

  void pass(uint32_t milliseconds) {
    thousandths += milliseconds;
    seconds += thousandths / 1000;
    thousandths %= 1000;
  }
};

// What is missing or out of range is 0.
struct Command {
  uint32_t id = 0;
  uint32_t expires_at = 0;  // unix seconds
  Moment execute_at;
  uint32_t pet = 0;
  uint16_t portions = 0;
  uint8_t hopper = 0;
  uint8_t bowl = 0;
  uint8_t servo = 0;
  Kind kind = Kind::feed;
  bool on = false;
  bool says_on = false;  // whether `on` was told at all
};

namespace json {

enum class Type : uint8_t { null, boolean, whole, decimal, number, text, list, object };

struct Value {
  Type type = Type::null;
  uint32_t whole = 0;  // of a boolean, 0 or 1
  const uint8_t* begin = nullptr;
  const uint8_t* end = nullptr;
  uint32_t thousandths = 0;  // of a decimal

  // Compares with the letters as they were sent: a name that is escaped is another.
  bool is(const char* word) const {
    const uint8_t* at = begin;
    for (; *word != '\0'; ++word, ++at) {
      if (at == end || *at != static_cast<uint8_t>(*word)) return false;
    }
    return at == end;
  }

  // Returns the whole number, or 0 where it is none or above `most`.
  template <typename Number>
  Number as(Number most = static_cast<Number>(~Number{0})) const {
    return type == Type::whole && whole <= most ? static_cast<Number>(whole) : Number{0};
  }

  Moment as_moment() const {
    if (type != Type::whole && type != Type::decimal) return Moment();
    return {whole, thousandths};
  }
};

class Reader {
 public:
  Reader(const uint8_t* begin, const uint8_t* end) : at_(begin), end_(end) {}

  // Reads one value; what is not JSON, or nested deeper, is false.
  bool value(Value& found, int depth) {
    blanks();
    if (at_ == end_ || depth == 0) return false;
    found.begin = at_;
    bool readable = false;
    switch (*at_) {
      case '{':
        found.type = Type::object;
        readable = members([](const Value&, const Value&) {}, depth);
        break;
      case '[':
        found.type = Type::list;
        readable = elements([](const Value&) {}, depth);
        break;
      case '"':
        return text(found);
      case 't':
        return literal("true", found, Type::boolean, 1);
      case 'f':
        return literal("false", found, Type::boolean, 0);
      case 'n':
        return literal("null", found, Type::null, 0);
      default:
        readable = number(found);
    }
    found.end = at_;
    return readable;
  }

  template <typename Each>
  bool members(Each each, int depth) {
    return sequence('{', '}', [&] {
      Value name, value;
      blanks();
      if (!text(name)) return false;
      blanks();
      if (!take(':') || !this->value(value, depth - 1)) return false;
      each(name, value);
      return true;
    });
  }

  template <typename Each>
  bool elements(Each each, int depth) {
    return sequence('[', ']', [&] {
      Value value;
      if (!this->value(value, depth - 1)) return false;
      each(value);
      return true;
    });
  }

  bool at_end() {
    blanks();
    return at_ == end_;
  }

 private:
  template <typename One>
  bool sequence(char open, char close, One one) {
    blanks();
    if (!take(open)) return false;
    blanks();
    if (take(close)) return true;
    do {
      if (!one()) return false;
      blanks();
    } while (take(','));
    return take(close);
  }

  void blanks() {
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\t' || *at_ == '\n' || *at_ == '\r')) {
      ++at_;
    }
  }

  bool take(char wanted) {
    if (at_ == end_ || *at_ != static_cast<uint8_t>(wanted)) return false;
    ++at_;
    return true;
  }

  bool literal(const char* word, Value& found, Type type, uint32_t whole) {
    found = {type, whole, at_, at_};
    for (; *word != '\0'; ++word) {
      if (!take(*word)) return false;
    }
    found.end = at_;
    return true;
  }

  bool text(Value& found) {
    if (!take('"')) return false;
    found = {Type::text, 0, at_, at_};
    for (; at_ != end_ && *at_ >= ' '; ++at_) {
      if (*at_ == '"') {
        found.end = at_++;
        return true;
      }
      if (*at_ == '\\' && !escape()) return false;
    }
    return false;
  }

  bool escape() {
    if (++at_ == end_) return false;
    if (*at_ != 'u') {
      for (const char* known = "\"\\/bfnrt"; *known != '\0'; ++known) {
        if (*at_ == static_cast<uint8_t>(*known)) return true;
      }
      return false;
    }
    for (int digit = 0; digit != 4; ++digit) {
      if (++at_ == end_) return false;
      const uint8_t lower = *at_ | 0x20;
      if (!is_digit(*at_) && !(lower >= 'a' && lower <= 'f')) return false;
    }
    return true;
  }

  bool number(Value& found) {
    found.type = take('-') ? Type::number : Type::whole;
    found.whole = 0;
    found.thousandths = 0;
    const uint8_t* first = at_;
    for (; at_ != end_ && is_digit(*at_); ++at_) {
      const uint32_t digit = *at_ - '0';
      if (found.whole > (0xFFFFFFFFu - digit) / 10) found.type = Type::number;
      found.whole = found.whole * 10 + digit;
    }
    if (at_ == first || (*first == '0' && at_ != first + 1)) return false;
    if (take('.')) {
      if (found.type == Type::whole) found.type = Type::decimal;
      first = at_;
      if (!digits()) return false;
      for (uint32_t worth = 100; first != at_ && worth != 0; worth /= 10) {
        found.thousandths += worth * static_cast<uint32_t>(*first++ - '0');
      }
    }
    if (at_ != end_ && (*at_ | 0x20) == 'e') {
      found.type = Type::number;
      ++at_;
      if (!take('+')) take('-');
      return digits();
    }
    return true;
  }

  bool digits() {
    const uint8_t* first = at_;
    while (at_ != end_ && is_digit(*at_)) ++at_;
    return at_ != first;
  }

  static bool is_digit(uint8_t letter) { return letter >= '0' && letter <= '9'; }

  const uint8_t* at_;
  const uint8_t* end_;
};

}  // namespace json

// Reads a command. False where there is none that has an id: a node says nothing to that.
inline bool read_command(const uint8_t* bytes, size_t length, Command& command) {
  constexpr int deepest = 8;
  if (length > kLongestCommand) return false;
  command = Command();
  json::Reader message(bytes, bytes + length);
  const auto item = [&](const json::Value& entry) {
    // What hoppers there are is the board's business, but never two at once.
    const bool only = command.hopper == 0 && command.portions == 0;
    command.hopper = 0;
    command.portions = 0;
    if (!only || entry.type != json::Type::object) return;
    json::Reader(entry.begin, entry.end)
        .members(
            [&](const json::Value& name, const json::Value& value) {
              if (name.is("pill_id")) command.hopper = value.as<uint8_t>();
              if (name.is("quantity")) command.portions = value.as<uint16_t>();
            },
            deepest);
  };
  const auto member = [&](const json::Value& name, const json::Value& value) {
    if (name.is("queue_id")) command.id = value.as(kHighestId);
    if (name.is("expires_at")) command.expires_at = value.as<uint32_t>();
    if (name.is("execute_at")) command.execute_at = value.as_moment();
    if (name.is("patient_id")) command.pet = value.as<uint32_t>();
    if (name.is("target_room")) command.bowl = value.as<uint8_t>();
    if (name.is("id")) command.servo = value.as<uint8_t>();
    if (name.is("on")) {
      const bool is_flag = value.type == json::Type::boolean || value.type == json::Type::whole;
      command.says_on = is_flag && value.whole <= 1;
      command.on = command.says_on && value.whole == 1;
    }
    if (name.is("op")) {
      const bool is_text = value.type == json::Type::text;
      command.kind = value.type == json::Type::null      ? Kind::feed
                     : is_text && value.is("reboot") ? Kind::reboot
                     : is_text && value.is("servo")  ? Kind::servo
                     : is_text && value.is("dc")     ? Kind::conveyor
                                                     : Kind::unknown;
    }
    if (name.is("items")) {
      command.hopper = 0;
      command.portions = 0;
      if (value.type == json::Type::list) {
        json::Reader(value.begin, value.end).elements(item, deepest);
      }
    }
  };
  return message.members(member, deepest) && message.at_end() && command.id != 0;
}

}  // namespace mqtt_dispatch
