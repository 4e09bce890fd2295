// What the sketch uses of PubSubClient 2.8, with its signatures.
#pragma once

#include <stdint.h>

#include "network.h"

using boolean = bool;

class PubSubClient {
 public:
  // A std::function on a board, which takes the same.
  using Callback = void (*)(char* topic, uint8_t* payload, unsigned int length);

  explicit PubSubClient(Client& client);
  PubSubClient& setServer(const char* domain, uint16_t port);
  PubSubClient& setCallback(Callback callback);
  PubSubClient& setSocketTimeout(uint16_t seconds);
  boolean setBufferSize(uint16_t size);
  boolean connect(const char* id, const char* user, const char* password, const char* will_topic,
                  uint8_t will_qos, boolean will_retain, const char* will);
  void disconnect();
  boolean publish(const char* topic, const char* payload, boolean retained);
  boolean subscribe(const char* topic, uint8_t qos);
  boolean loop();
};
