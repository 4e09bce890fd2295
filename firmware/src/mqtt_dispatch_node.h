// The node of a paired dispenser: what it answers, and whether it executes.
//
// C++17 without a library, exceptions, heap or waiting. `docs/node.md` has the contract that
// this keeps. A board gives it a motor, a wire, flash and the milliseconds since the start:
//
//   mqtt_dispatch::Node node(board, config);
//   node.start();                    once, at power on
//   node.connected();                whenever the broker has it and `cmd` is subscribed
//   node.receive(bytes, length);     for each message on `cmd`
//   node.tick(milliseconds);         in each round of the loop, 20 times a second or more
//   node.set_clock(now);             right after a tick, whenever the time is known
#pragma once

#include "mqtt_dispatch_command.h"
#include "mqtt_dispatch_memory.h"
#include "mqtt_dispatch_text.h"

namespace mqtt_dispatch {

enum class Topic : uint8_t { ack, evt, state };

// What the broker is to say, retained on `state`, when the connection breaks.
constexpr char kWill[] = "{\"online\":0}";

struct Motion {
  Outcome outcome;  // `begun` while it moves
  uint8_t percent;  // how much is done
};

class Board : public Flash {
 public:
  // Begin to move, and return at once.
  virtual void move(const Command& command) = 0;
  // Tell how far it is; asked in each tick while it moves.
  virtual Motion motion() = 0;
  // Take the power from the motor.
  virtual void halt() = 0;
  // Start the node anew; it need not come back from this.
  virtual void restart() = 0;
  // Publish with QoS 0, and return whether it left.
  virtual bool say(Topic topic, const char* text, bool retained) = 0;
  // Say in a few words why a command cannot be done here, or return nullptr.
  virtual const char* refuses(const Command&) { return nullptr; }

 protected:
  ~Board() = default;
};

struct Config {
  const char* fw = "1.0";
  const char* reset = "";        // why it started: power, watchdog ...
  uint32_t longest_work = 60;    // seconds after which a motor is halted
  bool dispenses = true;         // the first node of a station; false: it serves
  bool operates = false;         // whether it does `servo` and `dc`
};

class Node {
 public:
  Node(Board& board, const Config& config) : board_(board), config_(config), memory_(board) {}

  void start() {
    memory_.load();
    unsaid_ = memory_.interrupted();
  }

  void connected() {
    // Before `last_id`, which says of a command that it was executed, not how it ended.
    if (unsaid_ != 0) report(unsaid_);
    say_state(true);
    say_state(false);
  }

  void receive(const uint8_t* bytes, size_t length) {
    Command command;
    if (state_ == State::restarting || !read_command(bytes, length, command)) return;
    if (memory_.knows(command.id)) {
      acknowledge(command.id, nullptr);
      if (!is_under_way(command.id)) report(command.id);
      return;
    }
    if (const char* reason = refusal(command)) return acknowledge(command.id, reason);
    if (const char* status = inability(command)) {
      acknowledge(command.id, nullptr);
      say_ended(command.id, status);
      return;
    }
    const bool reboots = command.kind == Kind::reboot;
    wait_ = reboots ? 0 : wait_of(command);
    const Outcome outcome = reboots      ? Outcome::success
                            : wait_ != 0 ? Outcome::waiting
                                         : Outcome::begun;
    if (!memory_.begin(command.id, outcome)) {
      is_unwritable_ = true;
      return acknowledge(command.id, "memory is worn");
    }
    command_ = command;
    happened(reboots ? Event::told_to_restart : Event::told_to_move);
    look_at_clock();
  }

  void tick(uint32_t milliseconds) {
    const uint32_t passed = milliseconds - last_tick_;
    last_tick_ = milliseconds;
    // Whole seconds are counted on, for milliseconds begin anew after seven weeks.
    uptime_.pass(passed);
    clock_.pass(passed);
    in_state_ += passed;
    look_at_clock();
    look_at_motor();
    if (state_ == State::restarting && in_state_ >= kGrace) happened(Event::said_all);
    if ((since_heartbeat_ += passed) >= kHeartbeat) say_state(true);
    if ((since_report_ += passed) >= kReport) say_state(false);
  }

  // Sets the clock. Until then neither `expires_at` nor `execute_at` can be obeyed.
  void set_clock(const Moment& now) {
    clock_ = now;
    is_clock_set_ = true;
  }

  // Whether the board could do something now: a bowl is there, a lid is closed.
  void set_ready(bool ready) {
    if (ready == is_board_ready_) return;
    is_board_ready_ = ready;
    say_state(false);
  }

  void set_food(uint8_t percent) { food_ = percent; }
  void set_rssi(int8_t dbm) { rssi_ = dbm; }

  bool is_busy() const { return state_ != State::idle; }
  // Whether a moment is about to come: nothing may take long now.
  bool is_waiting() const { return state_ == State::waiting; }
  bool is_ready() const { return !is_busy() && is_board_ready_ && !is_unwritable_; }

 private:
  enum class State : uint8_t { idle, waiting, moving, halted, restarting };
  enum class Event : uint8_t {
    told_to_move, told_to_restart, moment_came, ended, overran, stands, said_all
  };

  struct Transition {
    State at;
    Event event;
    State then;
    void (Node::*does)();
  };

  static constexpr uint32_t kHeartbeat = 5000;
  static constexpr uint32_t kReport = 2000;
  static constexpr uint32_t kGrace = 200;  // for what was said to leave
  static constexpr int32_t kLongestWait = 60;  // seconds; a later moment is a wrong clock
  static constexpr uint8_t kUnknown = 0xFF;

  // What does not stand here changes nothing.
  void happened(Event event) {
    static constexpr Transition kTransitions[] = {
        {State::idle, Event::told_to_move, State::waiting, &Node::take},
        {State::waiting, Event::moment_came, State::moving, &Node::begin_to_move},
        {State::idle, Event::told_to_restart, State::restarting, &Node::say_goodbye},
        {State::moving, Event::ended, State::idle, &Node::end_work},
        {State::moving, Event::overran, State::halted, &Node::halt_motor},
        {State::halted, Event::stands, State::idle, &Node::say_ready},
        {State::halted, Event::told_to_restart, State::restarting, &Node::say_goodbye},
        {State::restarting, Event::said_all, State::restarting, &Node::leave},
    };
    for (const Transition& each : kTransitions) {
      if (each.at != state_ || each.event != event) continue;
      state_ = each.then;
      in_state_ = 0;
      (this->*each.does)();
      return;
    }
  }

  void take() {
    ended_ = {Outcome::begun, 0};
    acknowledge(command_.id, nullptr);
    say_state(false);
  }

  void begin_to_move() {
    if (memory_.move(command_.id)) return board_.move(command_);
    // The other node of the pair begins, so this leaves half a meal, of which a person is
    // told at once. Moving would be worse: flash would deny it after a loss of power, and
    // who believes that feeds twice.
    is_unwritable_ = true;
    ended_.outcome = Outcome::put_off;
    happened(Event::ended);
  }

  void say_goodbye() {
    acknowledge(command_.id, nullptr);
    report(command_.id);
    say_state(false);
  }

  void end_work() {
    memory_.end(command_.id, ended_.outcome);
    report(command_.id);
    say_state(false);
  }

  void halt_motor() {
    board_.halt();
    ended_.outcome = Outcome::timeout;
    end_work();
  }

  void say_ready() { say_state(false); }

  void leave() { board_.restart(); }

  void look_at_clock() {
    if (state_ == State::waiting && in_state_ >= wait_) happened(Event::moment_came);
  }

  // Returns for how many milliseconds a command waits that is taken now. What comes after
  // its moment begins at once: the other node of the pair has begun, too.
  uint32_t wait_of(const Command& command) const {
    const Moment& at = command.execute_at;
    const bool in_time = command.expires_at == 0 || at.seconds < command.expires_at;
    const int32_t seconds = static_cast<int32_t>(at.seconds - clock_.seconds);
    if (!is_clock_set_ || !in_time || seconds < 0 || seconds >= kLongestWait) return 0;
    const int32_t wait =
        seconds * 1000 + static_cast<int32_t>(at.thousandths - clock_.thousandths);
    return wait > 0 ? static_cast<uint32_t>(wait) : 0;
  }

  bool is_under_way(uint32_t id) const {
    return (state_ == State::waiting || state_ == State::moving) && command_.id == id;
  }

  void look_at_motor() {
    if (state_ != State::moving && state_ != State::halted) return;
    const Motion motion = board_.motion();
    const bool stands = motion.outcome != Outcome::begun;
    if (state_ == State::halted) {
      if (stands) happened(Event::stands);
      return;
    }
    ended_ = motion;
    if (stands) {
      happened(Event::ended);
    } else if (in_state_ / 1000 >= config_.longest_work) {
      happened(Event::overran);
    }
  }

  // Returns why a command is refused: nothing of it was executed, or ever will be.
  const char* refusal(const Command& command) {
    if (memory_.is_too_old(command.id)) return "older than what is remembered";
    const bool expires = is_clock_set_ && command.expires_at != 0;
    if (expires && clock_.seconds >= command.expires_at) {
      return "expired";
    }
    const bool reboots = command.kind == Kind::reboot;
    if (is_busy() && !(reboots && state_ == State::halted)) return "busy";
    if (reboots || command.kind == Kind::unknown) return nullptr;
    if (!is_board_ready_) return "not ready";
    if (command.kind != Kind::feed) return nullptr;
    if (config_.dispenses && command.portions == 0) return "no portions";
    if (!config_.dispenses && command.bowl == 0) return "no bowl";
    return board_.refuses(command);
  }

  // Returns the status of what no such node can do, or nullptr.
  const char* inability(const Command& command) const {
    if (command.kind == Kind::feed || command.kind == Kind::reboot) return nullptr;
    if (command.kind == Kind::unknown || !config_.operates) return "unknown_operation";
    const bool has_servo = command.servo >= 1 && command.servo <= 4;
    if (!command.says_on || (command.kind == Kind::servo && !has_servo)) return "failed";
    return nullptr;
  }

  void acknowledge(uint32_t id, const char* reason) {
    Text ack;
    ack.with("queue_id", id).with("accepted", reason == nullptr ? 1u : 0u);
    if (reason != nullptr) ack.with("reason", reason);
    board_.say(Topic::ack, ack.text(), false);
  }

  void report(uint32_t id) { say_ended(id, status_of(memory_.outcome(id))); }

  void say_ended(uint32_t id, const char* status) {
    Text evt;
    evt.with("queue_id", id).with("done", 1u).with("status", status);
    const bool left = board_.say(Topic::evt, evt.text(), false);
    if (memory_.knows(id)) unsaid_ = left ? (unsaid_ == id ? 0 : unsaid_) : id;
  }

  // Says how it is. The heartbeat is kept by the broker, so it leaves out what passes.
  void say_state(bool heartbeat) {
    Text state;
    state.with("online", 1u);
    if (heartbeat) {
      since_heartbeat_ = 0;
    } else {
      since_report_ = 0;
      state.with("ready", is_ready() ? 1u : 0u);
      is_clock_set_ ? state.with("clock", clock_) : state.with("clock", 0u);
      if (is_under_way(command_.id)) {
        state.with("busy", command_.id).with("progress", ended_.percent);
      }
    }
    state.with("uptime", uptime_.seconds).with("fw", config_.fw);
    state.with("dedupes", memory_.is_lost() ? 0u : 1u);
    if (memory_.last_id() != 0) state.with("last_id", memory_.last_id());
    state.with("writes", memory_.writes());
    if (memory_.worn() != 0) state.with("worn", static_cast<uint32_t>(memory_.worn()));
    if (config_.reset[0] != '\0') state.with("reset", config_.reset);
    if (food_ != kUnknown) state.with("food", food_);
    if (rssi_ < 0) state.with("rssi", static_cast<uint32_t>(-rssi_), true);
    board_.say(Topic::state, state.text(), heartbeat);
  }

  Board& board_;
  const Config config_;
  Memory memory_;
  Command command_;
  Motion ended_{Outcome::begun, 0};
  uint32_t unsaid_ = 0;  // what ended without anybody having been told
  uint32_t last_tick_ = 0;
  Moment uptime_;
  Moment clock_;
  uint32_t in_state_ = 0;  // milliseconds, like the three below
  uint32_t wait_ = 0;
  uint32_t since_heartbeat_ = 0;
  uint32_t since_report_ = 0;
  State state_ = State::idle;
  bool is_clock_set_ = false;
  bool is_board_ready_ = true;
  bool is_unwritable_ = false;
  uint8_t food_ = kUnknown;
  int8_t rssi_ = 0;
};

}  // namespace mqtt_dispatch
