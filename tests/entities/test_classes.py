"""What kind of thing each entity is: its category, its classes, whether it is noisy.

One line for each entity of a station of every protocol: what belongs to what a person
has the device for has no category; what tells how a device is doing is diagnostic; what
changes how it works is of its configuration, and so is what must not be reached by an
order for a whole area.
"""

from __future__ import annotations

from homeassistant.components.sensor import SensorDeviceClass
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry

from tests.test_entities import registered_everywhere

NO_CLASS = ""
"""Home Assistant has none for it: a plain count, parts per hundred of something, a
resistance, what is dissolved, what is pressed or told."""
CLASSES = {
    "binary_sensor.channel_water_level_switch": ("", NO_CLASS, ""),
    "binary_sensor.charging": ("diagnostic", "battery_charging", ""),
    "binary_sensor.count_differs": ("", "problem", ""),
    "binary_sensor.meal_overdue": ("", "problem", ""),
    "binary_sensor.online": ("diagnostic", "connectivity", ""),
    "binary_sensor.plan_overdue": ("", "problem", ""),
    "binary_sensor.problem": ("diagnostic", "problem", ""),
    "binary_sensor.ready": ("", NO_CLASS, ""),
    "button.capture": ("", NO_CLASS, ""),
    "button.curtain_calibrate": ("config", NO_CLASS, ""),
    "button.dose": ("", NO_CLASS, ""),
    "button.feed": ("", NO_CLASS, ""),
    "button.reboot": ("config", "restart", ""),
    "button.resolve_failed": ("config", NO_CLASS, ""),
    "button.resolve_resend": ("config", NO_CLASS, ""),
    "button.resolve_succeeded": ("config", NO_CLASS, ""),
    "button.run": ("", NO_CLASS, ""),
    "button.stop": ("", NO_CLASS, ""),
    "calendar.meals": ("", NO_CLASS, ""),
    "calendar.plan": ("", NO_CLASS, ""),
    "cover.curtain": ("", "curtain", ""),
    "cover.vent": ("", "damper", ""),
    "event.command": ("", NO_CLASS, ""),
    "event.happened": ("", NO_CLASS, ""),
    "event.meal": ("", NO_CLASS, ""),
    "event.plan": ("", NO_CLASS, ""),
    "image.image": ("", NO_CLASS, ""),
    "light.light": ("", NO_CLASS, ""),
    "number.dose_ml": ("", "volume", ""),
    "number.feed_portions": ("", NO_CLASS, ""),
    "number.portions": ("", NO_CLASS, ""),
    "number.pwm": ("", NO_CLASS, ""),
    "number.run_duration_ms": ("", "duration", ""),
    "number.valve_duration": ("config", "duration", ""),
    "number.valve_duration_s": ("config", "duration", ""),
    "sensor.battery": ("diagnostic", "battery", "measurement"),
    "sensor.battery_voltage": ("diagnostic", "voltage", "measurement"),
    "sensor.binding": ("diagnostic", "enum", ""),
    "sensor.channel": ("", NO_CLASS, "measurement"),
    "sensor.accepted_after": ("diagnostic", "duration", "measurement"),
    "sensor.channel_co2": ("", "carbon_dioxide", "measurement"),
    "sensor.channel_current_ma": ("", "current", "measurement"),
    "sensor.channel_ec": ("", "conductivity", "measurement"),
    "sensor.channel_humidity": ("", "humidity", "measurement"),
    "sensor.channel_light": ("", "illuminance", "measurement"),
    "sensor.channel_light_intensity": ("", "illuminance", "measurement"),
    "sensor.channel_ph": ("", "ph", "measurement"),
    "sensor.channel_pump_current": ("", "current", "measurement"),
    "sensor.channel_soil_moisture": ("", "moisture", "measurement"),
    "sensor.channel_tds": ("", NO_CLASS, "measurement"),
    "sensor.channel_temperature": ("", "temperature", "measurement"),
    "sensor.clock_difference": ("diagnostic", "duration", "measurement"),
    "sensor.closes_at": ("", "timestamp", ""),
    "sensor.count_detected": ("", NO_CLASS, "measurement"),
    "sensor.done_after": ("diagnostic", "duration", "measurement"),
    "sensor.errors": ("diagnostic", "enum", ""),
    "sensor.expected": ("", NO_CLASS, "measurement"),
    "sensor.fed_by": ("", "enum", ""),
    "sensor.food": ("", NO_CLASS, "measurement"),
    "sensor.free_heap": ("diagnostic", "data_size", "measurement"),
    "sensor.gas": ("", NO_CLASS, "measurement"),
    "sensor.grams_today": ("", "weight", "total"),
    "sensor.hopper": ("", NO_CLASS, "measurement"),
    "sensor.humidity": ("", "humidity", "measurement"),
    "sensor.last_fed": ("", "timestamp", ""),
    "sensor.last_seen": ("diagnostic", "timestamp", ""),
    "sensor.next_meal": ("", "timestamp", ""),
    "sensor.next_wake": ("diagnostic", "timestamp", ""),
    "sensor.pending_images": ("diagnostic", NO_CLASS, "measurement"),
    "sensor.pending_records": ("diagnostic", NO_CLASS, "measurement"),
    "sensor.portions_told": ("", NO_CLASS, "total_increasing"),
    "sensor.portions_today": ("", NO_CLASS, "total"),
    "sensor.power": ("diagnostic", "enum", ""),
    "sensor.pressure": ("", "atmospheric_pressure", "measurement"),
    "sensor.queue": ("diagnostic", NO_CLASS, "measurement"),
    "sensor.rssi": ("diagnostic", "signal_strength", "measurement"),
    "sensor.status": ("", "enum", ""),
    "sensor.success_rate": ("diagnostic", NO_CLASS, "measurement"),
    "sensor.temperature": ("", "temperature", "measurement"),
    "sensor.voltage": ("diagnostic", "voltage", "measurement"),
    "sensor.waiting_for": ("", "enum", ""),
    "sensor.water": ("", "water", "total_increasing"),
    "switch.dispatching": ("config", NO_CLASS, ""),
    "switch.front_button": ("config", NO_CLASS, ""),
    "switch.relay": ("", "switch", ""),
    "update.firmware": ("config", "firmware", ""),
    "valve.valve": ("", "water", ""),
}
"""`<platform>.<key>`: category, device class, state class."""
OFF_AT_FIRST = {
    *("last_seen", "uptime", "rssi", "free_heap"),
    *("success_rate", "accepted_after", "done_after"),
}
"""What changes with every message, whatever that says, and figures for statistics."""


async def test_each_entity_is_of_its_category_and_its_classes(
    everywhere: list[MockConfigEntry], entity_registry: er.EntityRegistry
) -> None:
    found: dict[str, set[tuple[str, str, str]]] = {}
    for entity in registered_everywhere(entity_registry, everywhere):
        kind = (
            str(entity.entity_category or ""),
            str(entity.original_device_class or NO_CLASS),
            str((entity.capabilities or {}).get("state_class") or ""),
        )
        key = f"{entity.domain}.{entity.translation_key}"
        found.setdefault(key, set()).add(kind)
    # Not every supported core has a class for it.
    uptime = "uptime" if "uptime" in {*SensorDeviceClass} else "timestamp"
    expected = CLASSES | {"sensor.uptime": ("diagnostic", uptime, "")}
    assert found == {key: {kind} for key, kind in expected.items()}


async def test_what_is_noisy_or_a_figure_is_off_at_first_and_nothing_else(
    everywhere: list[MockConfigEntry], entity_registry: er.EntityRegistry
) -> None:
    off = {
        entity.translation_key
        for entity in registered_everywhere(entity_registry, everywhere)
        if entity.disabled_by is er.RegistryEntryDisabler.INTEGRATION
    }
    assert off == OFF_AT_FIRST
