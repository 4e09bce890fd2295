"""What is done, and what is answered, when somebody speaks of a station.

A feed goes the way of the action `feed`: the same guards, permissions and order. All is
said in the language of the server.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, Final, override

from homeassistant.auth.permissions.const import POLICY_READ
from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, Unauthorized
from homeassistant.helpers import config_validation as cv, intent
from homeassistant.helpers.typing import VolDictType
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey
from homeassistant.util.ulid import ulid_now
import voluptuous as vol

from ..automations.feeding import last_fed
from ..clock import now
from ..const import DOMAIN
from ..engine.model.policy import FEED
from ..ordering.amounts import Choice, portions_to_feed
from ..ordering.confirming import Question
from ..ordering.given import ATTR_CONFIRM, ATTR_IDEMPOTENCY_KEY
from ..ordering.permissions import async_demand
from ..texts.commands import say_command
from ..texts.refusals import as_sentence
from ..texts.sentences import (
    clock_time,
    portions_in_words,
    reasons_in_words,
    sentence,
)
from .places import (
    NotMeant,
    Place,
    async_meant,
    async_offered,
    async_one_feeder,
)

INTENT_FEED: Final = "MqttDispatchFeed"
INTENT_LAST_FED: Final = "MqttDispatchLastFed"
INTENT_WAITING: Final = "MqttDispatchWaiting"

_QUESTIONS: Final[HassKey[dict[str, Question]]] = HassKey(f"{DOMAIN}_questions")
"""What was asked of who feeds through an assistant, by station."""
_SAYINGS: Final[HassKey[dict[tuple[str, ...], tuple[str, float]]]] = HassKey(
    f"{DOMAIN}_sayings"
)
"""The key of each order that was said lately, and when it was: steady seconds."""
_TRIED_WITHIN: Final = 600.0
"""Seconds within which an assistant that tries again still means the same saying. A
script may say the same hours later, and bears the same context then."""
_BY_ITSELF: Final = ("mcp_server",)
"""Who has tools called in the name of a user, who need not have said anything: one call
cannot be told from another by what it bears."""


class SpokenOf(intent.IntentHandler):
    """Answers what is said of stations and nodes."""

    feeds: ClassVar[bool] = False
    """Whether it orders a feed; the others only ask."""

    @property
    @override
    def slot_schema(self) -> VolDictType:
        """What may be said besides."""
        return {vol.Optional("name"): cv.string}

    @override
    async def async_handle(self, intent_obj: intent.Intent) -> intent.IntentResponse:
        """Do it and say so, or say why not."""
        slots = self.async_validate_slots(intent_obj.slots)
        given = {name: slot["value"] for name, slot in slots.items()}
        response = intent_obj.create_response()
        hass = intent_obj.hass
        try:
            places = self._places(intent_obj, given.get("name"))
            if not self.feeds:
                response.response_type = intent.IntentResponseType.QUERY_ANSWER
                device_ids = [place.device_id for place in places]
                await async_demand(hass, intent_obj.context, POLICY_READ, device_ids)
            response.async_set_speech(await self._answer(intent_obj, places, given))
        except NotMeant as answer:
            code = intent.IntentResponseErrorCode.NO_VALID_TARGETS
            response.async_set_error(code, str(answer))
        except HomeAssistantError as error:
            code = intent.IntentResponseErrorCode.FAILED_TO_HANDLE
            response.async_set_error(code, _in_words(hass, error))
        return response

    def _places(self, intent_obj: intent.Intent, said: str | None) -> list[Place]:
        """Return what is meant. Raises NotMeant."""
        hass, assistant = intent_obj.hass, intent_obj.assistant
        if not (offered := async_offered(hass, assistant, to_feed=self.feeds)):
            raise NotMeant(
                sentence(hass, "assist_no_feeder" if self.feeds else "assist_nothing")
            )
        return async_meant(hass, offered, said)

    async def _answer(
        self, intent_obj: intent.Intent, places: list[Place], given: dict[str, Any]
    ) -> str:
        """Return what is said."""
        raise NotImplementedError


class Feed(SpokenOf):
    """Feeds once."""

    intent_type = INTENT_FEED
    description = (
        "Feeds an animal once, from a feeder that is named. Never repeat it on your"
        " own: the order is stored, and carried out as soon as the feeder is ready."
    )
    feeds = True

    @property
    @override
    def slot_schema(self) -> VolDictType:
        """Also how much."""
        portions = vol.All(vol.Coerce(int), vol.Range(min=1, max=50))
        return {**super().slot_schema, vol.Optional("portions"): portions}

    @override
    async def _answer(
        self, intent_obj: intent.Intent, places: list[Place], given: dict[str, Any]
    ) -> str:
        hass = intent_obj.hass
        places = async_one_feeder(hass, places)
        coordinator = places[0].coordinator
        portions = given.get("portions") or _usual(places)
        device_ids = sorted(place.device_id for place in places)
        question = hass.data.setdefault(_QUESTIONS, {}).setdefault(
            coordinator.config_entry.entry_id, Question()
        )
        said = None if intent_obj.platform in _BY_ITSELF else intent_obj.context
        key = _key_of(hass, said, (*device_ids, str(portions)))
        with question.put_to(said, now()) as consent:
            answer = await hass.services.async_call(
                DOMAIN,
                FEED,
                {
                    ATTR_DEVICE_ID: device_ids,
                    "portions": portions,
                    ATTR_CONFIRM: consent,
                    ATTR_IDEMPOTENCY_KEY: key,
                },
                blocking=True,
                context=intent_obj.context,
                return_response=True,
            )
        return _ordered_in_words(hass, places, portions, dict(answer or {}))


class LastFed(SpokenOf):
    """Tells when something was last fed."""

    intent_type = INTENT_LAST_FED
    description = "Tells when an animal was last fed by a feeder."

    @override
    async def _answer(
        self, intent_obj: intent.Intent, places: list[Place], given: dict[str, Any]
    ) -> str:
        feeders = [
            place for place in places if FEED in place.coordinator.protocol.kinds
        ]
        if not feeders:
            raise NotMeant(sentence(intent_obj.hass, "assist_no_feeder"))
        return " ".join(_fed_in_words(intent_obj.hass, place) for place in feeders)


class Waiting(SpokenOf):
    """Tells what waits, and what for."""

    intent_type = INTENT_WAITING
    description = (
        "Tells what waits at a station of MQTT Dispatch, for example at a feeder, and"
        " why, and what is in doubt there."
    )

    @override
    async def _answer(
        self, intent_obj: intent.Intent, places: list[Place], given: dict[str, Any]
    ) -> str:
        return " ".join(_waiting_in_words(intent_obj.hass, place) for place in places)


def _key_of(
    hass: HomeAssistant, context: Context | None, what: tuple[str, ...]
) -> str | None:
    """Return the key of an order; one saying is one order.

    Who hears no answer tries again, and so does a language model. None: nothing tells
    that from another order.
    """
    if context is None:
        return None
    sayings, steady = hass.data.setdefault(_SAYINGS, {}), now().steady
    for saying, (_, at) in tuple(sayings.items()):
        if steady >= at + _TRIED_WITHIN:
            del sayings[saying]
    new = (f"assist:{ulid_now()}", steady)
    return sayings.setdefault((context.id, *what), new)[0]


def _usual(places: list[Place]) -> int:
    """Return how many portions the button of a feeder gives, where there is one."""
    coordinator, nodes = places[0].coordinator, [place.node for place in places]
    if coordinator.protocol.kinds[FEED].whole_station:
        return int(portions_to_feed(coordinator).get("portions", 1))
    match nodes:
        case [str(node)]:
            fields = coordinator.driver.site.nodes[node]
            readings = coordinator.data.nodes[node].readings
            for actuator in coordinator.protocol.actuators(fields, readings):
                if actuator.key == FEED and actuator.amount is not None:
                    choice = Choice(coordinator, actuator.amount, actuator.key, node)
                    return int(choice.amount)
    return 1


def _ordered_in_words(
    hass: HomeAssistant, places: list[Place], portions: int, answer: dict[str, Any]
) -> str:
    """Return that it is ordered, and what for it waits, if it does."""
    coordinator = places[0].coordinator
    ordered = sentence(
        hass,
        "assist_ordered",
        name=", ".join(place.name for place in places),
        portions=portions_in_words(coordinator, portions),
    )
    for command, reasons in coordinator.engine.waiting(now()):
        if command.id == answer.get("command_id"):
            why = reasons_in_words(hass, coordinator, reasons)
            return f"{ordered} {sentence(hass, 'assist_it_waits', reasons=why)}"
    return ordered


def _fed_in_words(hass: HomeAssistant, place: Place) -> str:
    at = last_fed(place.coordinator, None if place.node is None else (place.node,))
    if at is None:
        said = sentence(hass, "assist_never_fed", name=place.name)
    else:
        said = sentence(
            hass, "assist_last_fed", name=place.name, time=clock_time(hass, _local(at))
        )
    doubts = _in_doubt(place, FEED)
    return f"{said} {doubts}" if doubts else said


def _local(wall: float) -> datetime:
    return dt_util.as_local(dt_util.utc_from_timestamp(wall))


def _waiting_in_words(hass: HomeAssistant, place: Place) -> str:
    coordinator = place.coordinator
    doubts = _in_doubt(place)
    for command, reasons in coordinator.engine.waiting(now()):
        if not set(place.nodes).isdisjoint(command.nodes):
            said = sentence(
                hass,
                "assist_waits",
                name=place.name,
                command=say_command(coordinator, command),
                reasons=reasons_in_words(hass, coordinator, reasons),
            )
            return f"{said} {doubts}" if doubts else said
    return doubts or sentence(hass, "assist_nothing_waits", name=place.name)


def _in_doubt(place: Place, kind: str | None = None) -> str:
    """Return what nobody knows of the oldest command in doubt; empty if none is."""
    coordinator = place.coordinator
    for command_id in coordinator.data.unconfirmed:
        command = coordinator.engine.ledger.find(command_id)
        if command is None or kind not in (None, command.kind):
            continue
        if not set(place.nodes).isdisjoint(command.nodes):
            about = say_command(coordinator, command)
            return sentence(coordinator.hass, "assist_in_doubt", command=about)
    return ""


def _in_words(hass: HomeAssistant, error: HomeAssistantError) -> str:
    """Return why something is not done, to one who speaks."""
    placeholders = error.translation_placeholders or {}
    if isinstance(error, Unauthorized):
        return sentence(hass, "assist_not_allowed")
    if error.translation_key == "press_again":
        return sentence(hass, "assist_say_again", **placeholders)
    if error.translation_key is None or error.translation_domain != DOMAIN:
        return str(error)
    return as_sentence(hass, error.translation_key, placeholders)


HANDLERS: Final = (Feed, LastFed, Waiting)
"""All of them."""
