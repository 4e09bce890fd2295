"""What is known of commands, in words for the person who must judge them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import islice

from homeassistant.core import HomeAssistant

from ..clock import now
from ..coordinator import DispatchCoordinator
from ..engine.delivery.answers import NOT_EXECUTED
from ..engine.delivery.evidence import BY_NODE, unanswered
from ..engine.model.command import (
    Cause,
    Command,
    CommandClass,
    CommandState,
    Delivery,
    DeliveryState,
    TimelineEntry,
)
from ..engine.model.reports import NO_SUCH_COMMAND
from ..engine.orders.refusals import Refusals
from ..protocols.base import Sending
from ..protocols.params import InvalidCommand
from .commands import describe_command
from .sentences import NOTHING, answer_in_words, local_time, node_title, sentence

_BY_SENDING = frozenset({Cause.SENT, Cause.SENT_AGAIN})
_ATTEMPTS = _BY_SENDING | {Cause.PERSON}

_BY_NO_ANSWER = {
    Cause.PERSON: "delivery_withdrawn",
    Cause.NODE_REMOVED: "delivery_node_removed",
    Cause.OUT_OF_TIME: "delivery_out_of_time",
    Cause.SUPERSEDED: "delivery_superseded",
    Cause.ENDED: "delivery_not_over",
    Cause.ACCEPT_TIMEOUT: "delivery_given_up",
    Cause.DONE_TIMEOUT: "delivery_given_up",
    Cause.OUT_OF_ATTEMPTS: "delivery_given_up",
}
"""Causes of a failure of which the node itself has said nothing."""

_IN_A_ROW = 2
"""So many commands without a word are no accident any more."""
LISTED = 10
"""How many lines are shown of a list that may be longer than a person reads."""


def describe_deliveries(coordinator: DispatchCoordinator, command: Command) -> str:
    """Return what each node said of a command, one line a node."""
    return as_list(deliveries_in_words(coordinator, command))


def deliveries_in_words(
    coordinator: DispatchCoordinator, command: Command
) -> list[str]:
    """Return what each node said of a command, a sentence for each."""
    return [
        _delivery_in_words(coordinator, command, delivery)
        for delivery in command.deliveries
    ]


def describe_failures(
    coordinator: DispatchCoordinator, node: str, commands: Iterable[Command]
) -> str:
    """Return what a node failed at, and how, a line each."""
    return as_list(
        sentence(
            coordinator.hass,
            "failure",
            command=describe_command(coordinator, command),
            known=_delivery_in_words(coordinator, command, delivery),
        )
        for command in commands
        if (delivery := command.delivery(node)) is not None
    )


def _delivery_in_words(
    coordinator: DispatchCoordinator, command: Command, delivery: Delivery
) -> str:
    return sentence(
        coordinator.hass,
        _key(command, delivery),
        node=node_title(coordinator, delivery.node),
        time=local_time(coordinator.hass, _known_since(command, delivery)),
        attempts=delivery.attempts,
        finishes=command.finishes,
        reason=_answer(coordinator, delivery.reason),
    )


def _answer(coordinator: DispatchCoordinator, said: str) -> str:
    if (words := answer_in_words(coordinator.hass, said)) is not None:
        return words
    # As code: what a node says is nothing that a page should carry out.
    return f"`{said.replace('`', "'")}`"


def describe_doubt(coordinator: DispatchCoordinator, command: Command) -> str:
    """Return what is known of a command in doubt, and why it may be no accident."""
    known = describe_deliveries(coordinator, command)
    advice = advice_in_doubt(coordinator, command)
    return known if advice is None else f"{known}\n\n{advice}"


def advice_in_doubt(coordinator: DispatchCoordinator, command: Command) -> str | None:
    """Return why a doubt may be no accident; None: nothing says so."""
    if not _nothing_comes_back(coordinator):
        return None
    return sentence(
        coordinator.hass,
        "nothing_comes_back",
        sent_on=_as_code(_topics_of(coordinator, command)),
        answers_on=_as_code(coordinator.protocol.topics(coordinator.prefix)),
    )


def _nothing_comes_back(coordinator: DispatchCoordinator) -> bool:
    """Whether nodes that are ready said nothing of several commands in a row.

    A node that is away explains its silence. One that tells that it is ready and
    answers nothing may not get what is sent, or may not be heard.
    """
    silent = list(islice(unanswered(coordinator.engine.ledger), _IN_A_ROW))
    nodes = coordinator.data.nodes
    return len(silent) == _IN_A_ROW and all(
        node in nodes and nodes[node].ready
        for command in silent
        for node in command.nodes
    )


def _topics_of(coordinator: DispatchCoordinator, command: Command) -> list[str]:
    topics: dict[str, None] = {}
    for node in command.nodes:
        if node not in coordinator.engine.station.nodes:
            continue
        sending = Sending(
            command=command,
            node=node,
            wall=now().wall,
            readings=coordinator.engine.told(node),
        )
        try:
            said = coordinator.protocol.messages(coordinator.driver.site, sending)
        except InvalidCommand:
            continue
        topics |= dict.fromkeys(publication.topic for publication in said)
    return list(topics)


def _as_code(topics: Iterable[str]) -> str:
    return ", ".join(f"`{topic}`" for topic in topics)


def describe_held(coordinator: DispatchCoordinator) -> str:
    """Return the commands that wait for a person after an older state was put back.

    One line a command, oldest first, at most LISTED and how many more.
    """
    held = [
        command
        for command in coordinator.engine.ledger.open.values()
        if command.command_class is CommandClass.ONCE
        and command.state is CommandState.QUEUED
    ]
    held.sort(key=lambda command: command.id)
    lines = [describe_command(coordinator, command) for command in held[:LISTED]]
    if len(held) > LISTED:
        more = len(held) - LISTED
        lines.append(
            sentence(coordinator.hass, "one_more" if more == 1 else "more", number=more)
        )
    return as_list(lines or [sentence(coordinator.hass, f"waiting_{NOTHING}")])


def describe_foreign(coordinator: DispatchCoordinator) -> str:
    """Return the first sign of another sender at each node, one line a node."""
    return as_list(
        sentence(
            coordinator.hass,
            "foreign",
            node=node_title(coordinator, sign.node),
            command_id=sign.command_id,
            time=local_time(coordinator.hass, sign.at),
        )
        for sign in coordinator.data.foreign
    )


def as_list(lines: Iterable[str]) -> str:
    """Return lines as a list that a dialog shows."""
    return "\n".join(f"- {line}" for line in lines)


def _key(command: Command, delivery: Delivery) -> str:
    """Return which sentence tells where a delivery stands."""
    match delivery.state:
        case DeliveryState.UNKNOWN:
            return _doubt(command, delivery)
        case DeliveryState.FAILED:
            return _failure(command, delivery)
        case DeliveryState.DONE if command.finishes and not _record(
            command, delivery.node
        ):
            return "delivery_done_before"
        case DeliveryState.REJECTED if delivery.reason:
            return _refusal(delivery)
        case state if _came_into(_record(command, delivery.node), state, {Cause.TOLD}):
            return "delivery_told"
        case state:
            return f"delivery_{state}"


def _doubt(command: Command, delivery: Delivery) -> str:
    record = _record(command, delivery.node)
    if _came_into(record, DeliveryState.UNKNOWN, BY_NODE):
        return "delivery_repeat_refused"
    if _came_into(record, DeliveryState.ACCEPTED, BY_NODE):
        is_ended = command.ended_by(delivery.node) is not None
        return "delivery_being_ended" if is_ended else "delivery_taken"
    if not _came_into(record, DeliveryState.SENT, _BY_SENDING):
        return "delivery_maybe_sent"
    return "delivery_unknown" if delivery.attempts == 1 else "delivery_unknown_often"


def _refusal(delivery: Delivery) -> str:
    if delivery.reason == NO_SUCH_COMMAND:
        return "delivery_no_such_command"
    return "delivery_rejected_reason"


def _failure(command: Command, delivery: Delivery) -> str:
    record = _record(command, delivery.node)
    for cause, key in _BY_NO_ANSWER.items():
        if _came_into(record, DeliveryState.FAILED, {cause}):
            return key
    if delivery.reason == NOT_EXECUTED:
        return "delivery_not_executed"
    return "delivery_failed_reason" if delivery.reason else "delivery_failed"


def _known_since(command: Command, delivery: Delivery) -> float:
    """Return when that came to pass which is told of a delivery."""
    record = _record(command, delivery.node)
    said = [entry for entry in record if entry.cause in BY_NODE]
    sent = [entry for entry in record if entry.cause in _BY_SENDING]
    match delivery.state:
        case DeliveryState.SENT:
            known = sent
        case DeliveryState.ACCEPTED | DeliveryState.UNKNOWN:
            known = said or sent
        case state:
            known = [entry for entry in record if entry.state == state]
    return known[-1].at if known else command.created_at


def _record(command: Command, node: str) -> list[TimelineEntry]:
    """Return what came to pass at a node since a person last had it sent again.

    Without what was only attempted.
    """
    record: list[TimelineEntry] = []
    for entry in command.timeline:
        if entry.node != node:
            continue
        if entry.cause is not Cause.NOT_SENT:
            record.append(entry)
        elif record and record[-1].cause in _ATTEMPTS:
            record.pop()
    decided = [at for at, entry in enumerate(record) if entry.cause is Cause.PERSON]
    since = record[decided[-1] + 1 :] if decided else []
    return since if any(entry.cause in _BY_SENDING for entry in since) else record


def _came_into(
    record: list[TimelineEntry], state: DeliveryState, causes: Collection[Cause]
) -> bool:
    return any(entry.state == state and entry.cause in causes for entry in record)


def describe_orderers(hass: HomeAssistant, refusals: Refusals) -> str:
    """Return who orders feeds that are refused."""
    names = refusals.by or (sentence(hass, "orders_nobody_known"),)
    return "\n".join(f"- {name}" for name in names)
