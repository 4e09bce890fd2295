"""The cases that are recorded of Zigbee2MQTT, in the order in which they are played."""

from __future__ import annotations

from typing import Any

from scripts.parts.broker import Broker

from .bridge import Bridge
from .recorder import BASE, Recorder, Row


class Cases:
    """Each public method is a case, and goes on where the one before has ended."""

    def __init__(self, recorder: Recorder, bridge: Bridge, broker: Broker) -> None:
        self._recorder = recorder
        self._bridge = bridge
        self._broker = broker

    def _set(self, device: str, payload: str | Row, **more: Any) -> None:
        self._recorder.say(f"{BASE}/{device}/set", payload, **more)

    async def _do(self, device: str, payload: str | Row) -> None:
        self._set(device, payload)
        await self._recorder.quiet()

    async def _order(self, device: str, order: str, **more: Any) -> None:
        self._recorder.order(device, order, **more)
        await self._recorder.quiet()

    async def _request(self, what: str, payload: Row) -> None:
        self._recorder.say(f"{BASE}/bridge/request/{what}", payload)
        await self._recorder.until(f"{BASE}/bridge/response/{what}", "status")

    async def start(self) -> None:
        await self._bridge.start()

    async def heard_first(self) -> None:
        await self._order("timed_valve", "tell_battery")
        await self._order("datapoint_valve", "tell_battery")
        await self._order("plain_valve", "press")
        await self._order("plain_valve", "press")

    async def fed_before_its_counters_are_known(self) -> None:
        await self._do("feeder", {"feed": "START"})

    async def feeder_tells_its_counters(self) -> None:
        await self._order("feeder", "turn_day")

    async def feed(self) -> None:
        await self._do("feeder", {"serving_size": 2})
        await self._do("feeder", {"feed": "START"})

    async def feed_with_an_empty_value(self) -> None:
        await self._do("feeder", {"feed": ""})

    async def two_keys_of_one_converter(self) -> None:
        await self._do("feeder", {"serving_size": 3, "feed": "START"})

    async def portions_beyond_the_range(self) -> None:
        await self._do("feeder", {"serving_size": 11})
        await self._do("feeder", {"serving_size": 1})

    async def fed_by_hand(self) -> None:
        await self._order("feeder", "press", portions=1)

    async def feeder_jammed(self) -> None:
        await self._order("feeder", "jam")
        await self._do("feeder", {"feed": "START"})
        await self._order("feeder", "clear")

    async def day_turns(self) -> None:
        await self._order("feeder", "turn_day")

    async def feed_refused(self) -> None:
        await self._order("feeder", "refuse", status=1)
        await self._do("feeder", {"feed": "START"})
        await self._order("feeder", "obey")

    async def feed_answer_lost(self) -> None:
        await self._order("feeder", "lose_answers")
        await self._do("feeder", {"feed": "START"})
        await self._order("feeder", "keep_answers")

    async def feed_out_of_reach(self) -> None:
        await self._order("feeder", "hide")
        await self._do("feeder", {"feed": "START"})
        await self._order("feeder", "appear")

    async def same_error_again(self) -> None:
        await self._do("nobody", {"feed": "START"})
        await self._do("nobody", {"feed": "START"})

    async def unknown_name(self) -> None:
        await self._do("somebody", {"feed": "START"})

    async def unknown_key(self) -> None:
        await self._do("feeder", {"feed_now": 1})

    async def not_json(self) -> None:
        await self._do("feeder", "FEED")

    async def opened_with_timer(self) -> None:
        self._set("timed_valve", {"state": "ON", "on_time": 2})
        await self._recorder.until(f"{BASE}/timed_valve", "daily_irrigation_volume")

    async def opened_without_timer(self) -> None:
        await self._do("timed_valve", {"state": "ON"})

    async def closed(self) -> None:
        await self._do("timed_valve", {"state": "OFF"})

    async def asked(self) -> None:
        self._recorder.say(f"{BASE}/timed_valve/get", {"state": ""})

    async def timed_valve_asleep(self) -> None:
        await self._order("timed_valve", "hide")
        await self._do("timed_valve", {"state": "ON", "on_time": 2})

    async def timed_valve_wakes(self) -> None:
        await self._order("timed_valve", "appear")
        self._recorder.order("timed_valve", "tell_battery")
        await self._recorder.until(f"{BASE}/timed_valve", '"state":"ON"')
        await self._recorder.until(f"{BASE}/timed_valve", '"daily_irrigation_volume":4')

    async def timed_valve_opened_twice_asleep(self) -> None:
        await self._order("timed_valve", "hide")
        await self._do("timed_valve", {"state": "ON", "on_time": 1})
        await self._do("timed_valve", {"state": "ON", "on_time": 1})
        await self._order("timed_valve", "appear")
        await self._order("timed_valve", "tell_battery")

    async def plain_on_asleep(self) -> None:
        await self._order("timed_valve", "hide")
        await self._do("timed_valve", {"state": "ON"})

    async def closed_twice_asleep(self) -> None:
        await self._do("timed_valve", {"state": "OFF"})
        await self._do("timed_valve", {"state": "OFF"})
        await self._order("timed_valve", "appear")
        await self._order("timed_valve", "tell_battery")

    async def datapoint_opened(self) -> None:
        self._set("datapoint_valve", {"on_with_countdown": 1})
        await self._recorder.until(f"{BASE}/datapoint_valve", '"countdown_left":0')

    async def datapoint_opened_and_closed(self) -> None:
        await self._do("datapoint_valve", {"on_with_countdown": 5})
        await self._do("datapoint_valve", {"state": "OFF"})

    async def datapoint_opened_and_unknown_key(self) -> None:
        self._set("datapoint_valve", {"on_with_countdown": 1, "mine": "7"})
        await self._recorder.until(f"{BASE}/datapoint_valve", '"countdown_left":1')
        await self._recorder.until(f"{BASE}/datapoint_valve", '"state":"OFF"')

    async def datapoint_out_of_reach(self) -> None:
        await self._order("datapoint_valve", "hide")
        await self._do("datapoint_valve", {"on_with_countdown": 1})

    async def datapoint_asleep_wakes(self) -> None:
        await self._order("datapoint_valve", "appear")
        await self._order("datapoint_valve", "tell_battery")

    async def echo_before_the_device(self) -> None:
        await self._do("plain_valve", {"state": "ON"})
        await self._do("plain_valve", {"state": "OFF"})

    async def stuck(self) -> None:
        await self._order("plain_valve", "stick")
        await self._do("plain_valve", {"state": "ON"})
        await self._order("plain_valve", "free")
        await self._do("plain_valve", {"state": "OFF"})

    async def not_optimistic(self) -> None:
        options = {"id": "plain_valve", "options": {"optimistic": False}}
        await self._request("device/options", options)
        await self._do("plain_valve", {"state": "ON"})
        await self._do("plain_valve", {"state": "OFF"})

    async def stuck_and_not_optimistic(self) -> None:
        await self._order("plain_valve", "stick")
        await self._do("plain_valve", {"state": "ON"})
        await self._order("plain_valve", "free")
        options = {"id": "plain_valve", "options": {"optimistic": True}}
        await self._request("device/options", options)

    async def pressed_at_the_device(self) -> None:
        await self._order("plain_valve", "press")
        await self._order("plain_valve", "press")

    async def whole_cache_again(self) -> None:
        await self._order("timed_valve", "tell_battery")

    async def fence(self) -> None:
        await self._request("health_check", {"transaction": "c81"})

    async def announced(self) -> None:
        await self._order("feeder", "announce")

    async def logged_at_level_info(self) -> None:
        await self._order("plain_valve", "press")
        await self._order("plain_valve", "press")

    async def renamed(self) -> None:
        await self._request("device/rename", {"from": "plain_valve", "to": "lawn"})
        await self._recorder.quiet()
        await self._do("plain_valve", {"state": "ON"})
        await self._do("lawn", {"state": "ON"})
        await self._do("lawn", {"state": "OFF"})

    async def renamed_with_slash_and_space(self) -> None:
        to = "garden/back valve"
        await self._request("device/rename", {"from": "lawn", "to": to})
        await self._recorder.quiet()
        await self._do(to, {"state": "ON"})
        await self._do(to, {"state": "OFF"})
        await self._request("device/rename", {"from": to, "to": "plain_valve"})

    async def command_while_the_bridge_is_down(self) -> None:
        await self._bridge.stop()
        await self._do("plain_valve", {"state": "ON"})

    async def bridge_back(self) -> None:
        await self._bridge.start()

    async def queue_forgotten_at_restart(self) -> None:
        await self._order("timed_valve", "hide")
        await self._do("timed_valve", {"state": "ON", "on_time": 2})
        await self._bridge.stop()
        await self._bridge.start()
        await self._recorder.quiet()
        await self._order("timed_valve", "tell_battery")

    async def retained_command_at_start(self) -> None:
        await self._order("timed_valve", "appear")
        await self._bridge.stop()
        self._set("plain_valve", {"state": "ON"}, retain=True)
        await self._recorder.quiet()
        await self._bridge.start()

    async def retained_command_when_the_broker_is_back(self) -> None:
        await self._broker.stop()
        await self._recorder.disconnect()
        await self._broker.start()
        await self._recorder.connect(self._broker)
        await self._recorder.until(f"{BASE}/plain_valve", '"state":"ON"')
        self._set("plain_valve", "", retain=True)
        await self._do("plain_valve", {"state": "OFF"})

    async def state_retained(self) -> None:
        options = {"id": "plain_valve", "options": {"retain": True}}
        await self._request("device/options", options)
        await self._do("plain_valve", {"state": "ON"})

    async def bridge_killed(self) -> None:
        await self._bridge.kill()
        await self._recorder.until(f"{BASE}/bridge/state", "offline")

    async def bridge_back_with_retained_state(self) -> None:
        await self._bridge.start()

    async def went_offline(self) -> None:
        for device in ("feeder", "timed_valve"):
            self._recorder.order(device, "hide")
        for device in ("feeder", "timed_valve"):
            await self._recorder.until(f"{BASE}/{device}/availability", "offline")

    async def came_back(self) -> None:
        for device in ("feeder", "timed_valve"):
            self._recorder.order(device, "appear")
        self._recorder.order("feeder", "press", portions=1)
        self._recorder.order("timed_valve", "tell_battery")
        for device in ("feeder", "timed_valve"):
            await self._recorder.until(f"{BASE}/{device}/availability", "online")

    async def schedule_set(self) -> None:
        days = ("everyday", "workdays", "mon-wed-fri-sun", "sat")
        lines = [
            {"days": each, "hour": 6 * place, "minute": 59 - place, "size": 10 - place}
            for place, each in enumerate(days)
        ]
        await self._do("feeder", {"schedule": lines})

    async def schedule_emptied(self) -> None:
        await self._do("feeder", {"schedule": []})

    async def mode_set(self) -> None:
        await self._do("feeder", {"mode": "schedule"})
        await self._do("feeder", {"mode": "manual"})

    async def schedule_refused(self) -> None:
        await self._order("feeder", "refuse", status=1)
        await self._do("feeder", {"schedule": []})
        await self._order("feeder", "obey")

    async def fed_by_its_schedule(self) -> None:
        await self._order("feeder", "feed_by_schedule", portions=2)

    async def feeder_tells_its_schedule(self) -> None:
        await self._order("feeder", "tell_schedule", lines="7f08000100,600a1e0300,//")
