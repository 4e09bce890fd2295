"""Change the numbers of a station, and what its portions are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Any, ClassVar, Final

from homeassistant.config_entries import ConfigFlowResult, OptionsFlow
from homeassistant.const import UnitOfMass, UnitOfTime
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.selector import (
    DurationSelector,
    DurationSelectorConfig,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    TextSelector,
)
import voluptuous as vol

from ..bundle import async_want, is_wanted
from ..const import (
    FOR_ALL_STATIONS,
    OPT_ACCEPT_TIMEOUT,
    OPT_ATTEMPTS,
    OPT_DEBOUNCE,
    OPT_DONE_TIMEOUT,
    OPT_FAILURES_IN_A_ROW,
    OPT_FEED_EXPIRES_IN,
    OPT_FEEDS_PER_HOUR,
    OPT_FEEDS_WAITING,
    OPT_FOOD,
    OPT_HISTORY_DAYS,
    OPT_HOLD,
    OPT_LATE,
    OPT_MAX_AGE,
    OPT_MAX_OPEN,
    OPT_MINIMUM_GAP,
    OPT_PICTURES,
    OPT_PORTION_GRAMS,
    OPT_PORTIONS_PER_DAY,
    OPT_RETRY_DELAY,
)
from ..engine.delivery.failures import MOST_IN_A_ROW
from ..engine.model.command import CommandClass
from ..engine.model.policy import BY_CLASS, DAY, FEED, HOUR, MINUTE, Policy, Settings
from ..engine.model.step import Gate
from ..entities.album import USUAL_PICTURES
from ..entities.pictures import CAPTURES
from ..protocols.base import Protocol
from ..protocols.untrusted import line
from ..station import is_common, is_known, portion_of, protocol_of
from ..texts.sentences import weighed

SENDING: Final = "sending"
READINESS: Final = "readiness"
FEEDING: Final = "feeding"
PICTURES: Final = "pictures"
SCREENS: Final = "screens"
OUT_OF_RANGE: Final = "out_of_range"
_NO_LIMIT: Final = "\N{EN DASH}"
_HEED_READINESS: Final = (Gate.ALL_READY, Gate.READY)


@dataclass(frozen=True, slots=True)
class Measured:
    """What is measured: a short time, or a weight."""

    minimum: float
    maximum: float
    step: float = 1
    unit: str = UnitOfTime.SECONDS
    empty: None = None
    error: ClassVar = OUT_OF_RANGE

    def selector(self) -> NumberSelector:
        """Return how it is asked for."""
        return NumberSelector(
            NumberSelectorConfig(
                min=self.minimum,
                max=self.maximum,
                step=self.step,
                mode=NumberSelectorMode.BOX,
                unit_of_measurement=self.unit,
            )
        )

    def shown(self, number: float) -> float:
        """Return a number as the selector shows it."""
        return number

    def read(self, answer: float) -> float | None:
        """Return the number that was given, None if it is not allowed."""
        return answer if self.minimum <= answer <= self.maximum else None


@dataclass(frozen=True, slots=True)
class Count:
    """A whole number."""

    minimum: int
    maximum: int
    empty: int | None = None
    """What it means that nothing is given. None: what is usual."""
    error: ClassVar = OUT_OF_RANGE

    def selector(self) -> NumberSelector:
        """Return how it is asked for."""
        return NumberSelector(
            NumberSelectorConfig(
                min=self.minimum, max=self.maximum, mode=NumberSelectorMode.BOX
            )
        )

    def shown(self, number: float) -> float:
        """Return a number as the selector shows it."""
        return number

    def read(self, answer: float) -> int | None:
        """Return the number that was given, None if it is not allowed."""
        if self.minimum <= answer <= self.maximum and answer == int(answer):
            return int(answer)
        return None


@dataclass(frozen=True, slots=True)
class LongTime:
    """A time in seconds that people think of in hours and minutes."""

    minimum: float
    maximum: float
    empty: None = None
    error: ClassVar = OUT_OF_RANGE

    def selector(self) -> DurationSelector:
        """Return how it is asked for."""
        return DurationSelector(DurationSelectorConfig(allow_negative=False))

    def shown(self, number: float) -> dict[str, int]:
        """Return a number as the selector shows it."""
        minutes, seconds = divmod(int(number), 60)
        hours, minutes = divmod(minutes, 60)
        return {"hours": hours, "minutes": minutes, "seconds": seconds}

    def read(self, answer: Mapping[str, float]) -> float | None:
        """Return the number that was given, None if it is not allowed."""
        seconds: float = cv.time_period_dict(answer).total_seconds()
        return seconds if self.minimum <= seconds <= self.maximum else None


@dataclass(frozen=True, slots=True)
class Words:
    """A short text on one line, of so many characters."""

    maximum: int
    minimum: int = 1
    empty: None = None
    error: ClassVar = "invalid_text"

    def selector(self) -> TextSelector:
        """Return how it is asked for."""
        return TextSelector()

    def shown(self, text: str) -> str:
        """Return a text as the selector shows it."""
        return text

    def read(self, answer: str) -> str | None:
        """Return the text that was given, None if it is not allowed."""
        return line(answer.strip(), self.maximum)


type Option = Measured | Count | LongTime | Words

FORMS: Final[Mapping[str, Mapping[str, Option]]] = MappingProxyType(
    {
        SENDING: {
            OPT_ACCEPT_TIMEOUT: Measured(1, 300),
            OPT_DONE_TIMEOUT: Measured(5, 3600),
            OPT_RETRY_DELAY: Measured(1, 3600),
            OPT_ATTEMPTS: Count(1, 10),
            OPT_HOLD: LongTime(0, DAY),
            OPT_MAX_OPEN: Count(1, 10_000),
            OPT_HISTORY_DAYS: Count(7, 3650),
            OPT_FAILURES_IN_A_ROW: Count(0, MOST_IN_A_ROW, empty=0),
        },
        READINESS: {
            OPT_MAX_AGE: Measured(2, 600),
            OPT_DEBOUNCE: Measured(0, 60, step=0.1),
        },
        FEEDING: {
            OPT_FEED_EXPIRES_IN: LongTime(MINUTE, DAY),
            OPT_LATE: LongTime(0, 12 * HOUR),
            OPT_FEEDS_WAITING: Count(0, 1000, empty=0),
            OPT_FEEDS_PER_HOUR: Count(0, 1000, empty=0),
            OPT_PORTIONS_PER_DAY: Count(1, 1000),
            OPT_MINIMUM_GAP: LongTime(0, DAY),
            OPT_PORTION_GRAMS: Measured(0.1, 1000, step=0.1, unit=UnitOfMass.GRAMS),
            OPT_FOOD: Words(64),
        },
        PICTURES: {OPT_PICTURES: Count(0, 1000, empty=0)},
    }
)


class StationOptionsFlow(OptionsFlow):
    """Asks for numbers and keeps those that are not the usual ones.

    What is usual may become better; only what a person changed stays as it is.
    """

    async def async_step_init(
        self, _: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask what the numbers are about."""
        if not is_known(self.config_entry):
            return self.async_abort(reason="profile_missing")
        protocol = protocol_of(self.config_entry)
        forms = [form for form in FORMS if _asked(form, protocol)]
        return self.async_show_menu(step_id="init", menu_options=[*forms, SCREENS])

    async def async_step_sending(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask how commands are followed and repeated."""
        return self._form(SENDING, user_input)

    async def async_step_readiness(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask when a node counts as ready."""
        return self._form(READINESS, user_input)

    async def async_step_feeding(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask what keeps meals in bounds."""
        return self._form(FEEDING, user_input)

    async def async_step_pictures(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask how many pictures are kept."""
        return self._form(PICTURES, user_input)

    async def async_step_screens(
        self, user_input: dict[str, bool] | None = None
    ) -> ConfigFlowResult:
        """Ask what is shown of all stations; the answer is kept with each of them."""
        if user_input is not None:
            async_want(self.hass, user_input)
            return self.async_create_entry(data=self.config_entry.options)
        schema = vol.Schema(
            {
                vol.Required(option, default=is_wanted(self.hass, option)): bool
                for option in FOR_ALL_STATIONS
            }
        )
        return self.async_show_form(step_id=SCREENS, data_schema=schema, errors={})

    def _form(self, form: str, user_input: dict[str, Any] | None) -> ConfigFlowResult:
        protocol = protocol_of(self.config_entry)
        usual = _usual_numbers(protocol)
        asked = _asked(form, protocol)
        options = dict(self.config_entry.options)
        errors = {}
        if user_input is not None:
            for name, option in asked.items():
                options.pop(name, None)
                given = user_input.get(name, option.empty)
                if given is None or given == "":
                    continue
                number = option.read(given)
                if number is None:
                    errors[name] = option.error
                elif number != (usual[name] or 0):
                    options[name] = number
            if not errors:
                # The entry's listener reloads it, if anything has changed.
                return self.async_create_entry(data=options)
        numbers = {**usual, **self.config_entry.options}
        present = {
            name: option.shown(numbers[name])
            for name, option in asked.items()
            if numbers[name] is not None
        }
        schema = vol.Schema(
            {
                vol.Optional(name)
                if usual[name] is None or option.empty is not None
                else vol.Required(name): option.selector()
                for name, option in asked.items()
            }
        )
        return self.async_show_form(
            step_id=form,
            data_schema=self.add_suggested_values_to_schema(
                schema, present if user_input is None else user_input
            ),
            errors=errors,
            description_placeholders={"limit": self._limit()},
        )

    def _limit(self) -> str:
        """Return how many portions a day are allowed now, and what they weigh."""
        limit = self.config_entry.options.get(OPT_PORTIONS_PER_DAY)
        if limit is None:
            return _NO_LIMIT
        portion = portion_of(self.config_entry)
        return weighed(self.hass, portion, limit, str(limit))


def _usual_numbers(protocol: Protocol) -> dict[str, Any]:
    """Return the options of a station that has none. None: no limit, or not known."""
    numbers = {
        OPT_PORTION_GRAMS: None,
        OPT_FOOD: None,
        OPT_PICTURES: USUAL_PICTURES,
        **_numbers_of(BY_CLASS[CommandClass.ONCE]),
        **_numbers_of(Settings()),
        **protocol.settings,
    }
    if FEED in protocol.kinds:
        numbers[OPT_FEED_EXPIRES_IN] = protocol.kinds[FEED].policy.expires_in
    return numbers


def _numbers_of(rules: Policy | Settings) -> dict[str, Any]:
    """Return rules by name, as they are: not all of them can be copied."""
    return {each.name: getattr(rules, each.name) for each in fields(rules)}


def _asked(form: str, protocol: Protocol) -> dict[str, Option]:
    """Return the numbers of a form that mean something to these nodes."""
    policies = protocol.policies.values()

    def matters(name: str) -> bool:
        if name == OPT_HOLD:
            return any(each.command_class is CommandClass.ONCE for each in policies)
        if name in (OPT_HISTORY_DAYS, OPT_MAX_OPEN, OPT_FAILURES_IN_A_ROW):
            return True
        if form == SENDING:
            return any(is_common(policy, name) for policy in policies)
        if form == READINESS:
            return any(policy.gate in _HEED_READINESS for policy in policies)
        if form == PICTURES:
            return CAPTURES in protocol.kinds
        # Nodes that keep the plan themselves are late at their own discretion.
        return FEED in protocol.kinds and (
            name != OPT_LATE or protocol.planning is None
        )

    return {name: option for name, option in FORMS[form].items() if matters(name)}
