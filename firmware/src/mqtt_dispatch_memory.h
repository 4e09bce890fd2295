// What a node remembers over a loss of power: the ids it executed, and how they ended.
//
// It is written whole, with a checksum, to the slot that does not hold the latest record, and
// read back. A write that is cut short therefore leaves the record before it as it was.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace mqtt_dispatch {

// `waiting` is what is to move at a later moment, at which it is written down as `begun`. So
// what flash holds as `waiting` never moved: it was `put_off`.
enum class Outcome : uint8_t {
  begun, success, failed, jammed, empty, timeout, interrupted, waiting, put_off
};

inline const char* status_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::success: return "success";
    case Outcome::jammed: return "jammed";
    case Outcome::empty: return "empty";
    case Outcome::timeout: return "timeout";
    case Outcome::interrupted:
    case Outcome::waiting:
    case Outcome::put_off: return "interrupted";
    default: return "failed";
  }
}

// Two places or more that are erased each on its own: sectors, not halves of one.
class Flash {
 public:
  virtual int slots() const { return 2; }
  // Fill `data` from the start of a slot. Return false where it cannot be read.
  virtual bool read(int slot, uint8_t* data, size_t size) = 0;
  // Erase a slot and write `data` to its start. Whether it holds is read back.
  virtual void write(int slot, const uint8_t* data, size_t size) = 0;

 protected:
  ~Flash() = default;
};

class Memory {
 public:
  static constexpr int kIds = 16;

  struct Record {
    uint32_t magic;
    uint32_t sequence;
    uint32_t floor;  // the highest id that was forgotten for want of room
    uint32_t ids[kIds];
    Outcome outcomes[kIds];
    uint32_t checksum;
  };
  static_assert(sizeof(Record) == 96, "a record has no gaps");

  explicit Memory(Flash& flash) : flash_(flash) {}

  // Reads what flash holds. What had begun and never ended was interrupted; what waited was
  // put off. Both are written down so with the next record: until then each start tells of it.
  void load() {
    record_ = Record{kMagic, 0, 0, {}, {}, 0};
    int spoilt = 0;
    for (int slot = 0; slot != flash_.slots(); ++slot) {
      Record found;
      const bool read = flash_.read(slot, bytes(found), sizeof found);
      if (read && is_whole(found)) {
        if (latest_ == kNone || found.sequence > record_.sequence) {
          record_ = found;
          latest_ = slot;
        }
      } else if (!read || !is_blank(found)) {
        ++spoilt;
      }
    }
    // The very first record may have been cut short: then nothing was executed yet.
    is_lost_ = latest_ == kNone && spoilt > 1;
    for (int place = 0; place != kIds; ++place) {
      Outcome& outcome = record_.outcomes[place];
      const uint32_t id = record_.ids[place];
      if (id == 0 || !is_open(outcome)) continue;
      outcome = outcome == Outcome::begun ? Outcome::interrupted : Outcome::put_off;
      if (id > interrupted_) interrupted_ = id;
    }
  }

  bool knows(uint32_t id) const { return place_of(id) != kNone; }
  Outcome outcome(uint32_t id) const { return record_.outcomes[place_of(id)]; }
  // Whether an id may have been executed and forgotten.
  bool is_too_old(uint32_t id) const { return id <= record_.floor && !knows(id); }

  // Returns the highest id that is known to have been executed, or 0. What waits or moves
  // may come to nothing yet, and what was forgotten perhaps never moved.
  uint32_t last_id() const {
    uint32_t highest = 0;
    for (int place = 0; place != kIds; ++place) {
      const Outcome outcome = record_.outcomes[place];
      const bool counts = !is_open(outcome) && outcome != Outcome::put_off;
      if (counts && record_.ids[place] > highest) highest = record_.ids[place];
    }
    return highest;
  }

  // Returns the latest that a loss of power interrupted or put off, or 0.
  uint32_t interrupted() const { return interrupted_; }
  // Whether there was a memory that cannot be read any more.
  bool is_lost() const { return is_lost_; }
  // Returns how often a record was written; each write erases one slot.
  uint32_t writes() const { return record_.sequence; }
  // Returns in how many slots a record did not hold since the start.
  int worn() const {
    int count = 0;
    for (uint32_t slots = worn_; slots != 0; slots &= slots - 1) ++count;
    return count;
  }

  // Remembers an id before it is executed. False: it could not, so it must not be.
  bool begin(uint32_t id, Outcome outcome) {
    const Record before = record_;
    // Whatever came before may have been executed, too.
    if (is_lost_) record_.floor = id - 1;
    int lowest = 0;
    for (int place = 1; place != kIds; ++place) {
      if (record_.ids[place] < record_.ids[lowest]) lowest = place;
    }
    if (record_.ids[lowest] > record_.floor) record_.floor = record_.ids[lowest];
    record_.ids[lowest] = id;
    record_.outcomes[lowest] = outcome;
    if (store()) {
      is_lost_ = false;
      return true;
    }
    record_ = before;
    return false;
  }

  // Remembers, before it moves, that what waited does. False: it could not, so it must not.
  bool move(uint32_t id) {
    Outcome& outcome = record_.outcomes[place_of(id)];
    if (outcome == Outcome::begun) return true;
    outcome = Outcome::begun;
    if (store()) return true;
    outcome = Outcome::waiting;
    return false;
  }

  // Remembers how it ended; where flash fails, until the power goes.
  void end(uint32_t id, Outcome outcome) {
    record_.outcomes[place_of(id)] = outcome;
    store();
  }

 private:
  static constexpr int kNone = -1;
  static constexpr uint32_t kMagic = 0x314E444D;  // "MDN1"

  static bool is_open(Outcome outcome) {
    return outcome == Outcome::begun || outcome == Outcome::waiting;
  }

  static uint8_t* bytes(Record& record) { return reinterpret_cast<uint8_t*>(&record); }

  static uint32_t checksum(const Record& record) {
    const uint8_t* data = reinterpret_cast<const uint8_t*>(&record);
    uint32_t sum = 0xFFFFFFFF;
    for (size_t at = 0; at != offsetof(Record, checksum); ++at) {
      sum ^= data[at];
      for (int bit = 0; bit != 8; ++bit) sum = sum >> 1 ^ (sum & 1 ? 0xEDB88320 : 0);
    }
    return ~sum;
  }

  static bool is_whole(const Record& record) {
    return record.magic == kMagic && record.checksum == checksum(record);
  }

  static bool is_blank(Record& record) {
    const uint8_t first = *bytes(record);
    if (first != 0xFF && first != 0x00) return false;
    for (size_t at = 1; at != sizeof record; ++at) {
      if (bytes(record)[at] != first) return false;
    }
    return true;
  }

  int place_of(uint32_t id) const {
    for (int place = 0; place != kIds; ++place) {
      if (record_.ids[place] == id) return place;
    }
    return kNone;
  }

  bool store() {
    ++record_.sequence;
    record_.checksum = checksum(record_);
    const int others = flash_.slots() - (latest_ == kNone ? 0 : 1);
    for (int step = 1; step <= others; ++step) {
      const int slot = (latest_ + step) % flash_.slots();
      flash_.write(slot, bytes(record_), sizeof record_);
      Record found;
      if (flash_.read(slot, bytes(found), sizeof found) && is_whole(found) &&
          found.sequence == record_.sequence) {
        latest_ = slot;
        return true;
      }
      worn_ |= 1u << slot;
    }
    --record_.sequence;
    return false;
  }

  Flash& flash_;
  Record record_{};
  uint32_t interrupted_ = 0;
  uint32_t worn_ = 0;
  int latest_ = kNone;
  bool is_lost_ = false;
};

}  // namespace mqtt_dispatch
