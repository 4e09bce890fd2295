// All of the core that a board's program calls, so that a compiler shows what it costs.
#include "../src/mqtt_dispatch_node.h"

using mqtt_dispatch::Node;

extern "C" {
void start(Node& node) { node.start(); }
void connected(Node& node) { node.connected(); }
void receive(Node& node, const uint8_t* bytes, size_t length) { node.receive(bytes, length); }
void tick(Node& node, uint32_t milliseconds) { node.tick(milliseconds); }
void set_clock(Node& node, const mqtt_dispatch::Moment& now) { node.set_clock(now); }
void set_ready(Node& node, bool ready) { node.set_ready(ready); }
extern unsigned char node_in_memory[sizeof(Node)];
unsigned char node_in_memory[sizeof(Node)];
}
