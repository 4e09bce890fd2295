// A chamber that a servo turns: filled in one place, emptied in another, back and forth for
// each portion. However long a turn takes, a portion stays one.
#pragma once

#include <Arduino.h>
#include <mqtt_dispatch_node.h>

#include "arm.h"
#include "settings.h"

class Feeder {
 public:
  void begin() {
    arm_.begin(settings::kServoPin);
    if (has_switch()) pinMode(settings::kSwitchPin, INPUT_PULLUP);
    // The power may have gone while it was half empty. Going back gives nothing.
    turn(Phase::homing);
  }

  void give(uint16_t portions) {
    portions_ = portions;
    given_ = 0;
    outcome_ = mqtt_dispatch::Outcome::begun;
    turn(Phase::emptying);
  }

  void halt() { end(mqtt_dispatch::Outcome::timeout); }

  // Called in each round of the loop.
  void tick() {
    if (phase_ == Phase::stands || millis() - since_ < settings::kTurn) return;
    switch (phase_) {
      case Phase::emptying:
        if (has_switch() && digitalRead(settings::kSwitchPin) != LOW) {
          return end(mqtt_dispatch::Outcome::jammed);
        }
        return turn(Phase::filling);
      case Phase::filling:
        if (++given_ < portions_) return turn(Phase::emptying);
        return end(mqtt_dispatch::Outcome::success);
      default:
        return stand();
    }
  }

  mqtt_dispatch::Motion motion() const {
    return {outcome_, static_cast<uint8_t>(100u * given_ / portions_)};
  }

  bool is_moving() const { return phase_ != Phase::stands; }

 private:
  enum class Phase : uint8_t { stands, homing, filling, emptying };

  static bool has_switch() { return settings::kSwitchPin >= 0; }

  void turn(Phase phase) {
    phase_ = phase;
    since_ = millis();
    arm_.turn_to(phase == Phase::emptying ? settings::kEmptiedAt : settings::kFilledAt);
  }

  void stand() {
    phase_ = Phase::stands;
    arm_.let_go();
  }

  void end(mqtt_dispatch::Outcome outcome) {
    outcome_ = outcome;
    stand();
  }

  Arm arm_;
  Phase phase_ = Phase::stands;
  mqtt_dispatch::Outcome outcome_ = mqtt_dispatch::Outcome::success;
  uint32_t since_ = 0;
  uint16_t portions_ = 1;
  uint16_t given_ = 0;
};
