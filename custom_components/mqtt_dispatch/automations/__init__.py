"""Own triggers and conditions of automations, for cores that take them."""
