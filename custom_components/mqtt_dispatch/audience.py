"""Who is told of news, and of which."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from functools import partial

from homeassistant.core import CALLBACK_TYPE, callback

OF_STATION = object()
"""The context of listeners that no news of a single node concerns.

That of a listener to one node is its name. None hears of everything.
"""


def of_age(node: str) -> Hashable:
    """Return the context of listeners to how long ago a node was heard.

    It changes with every message, and concerns nobody else.
    """
    return ("age", node)


class Audience:
    """Listeners by context, so that news costs nothing to those whom it is none."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self._listeners: dict[Hashable, dict[int, CALLBACK_TYPE]] = {}
        self._count = 0

    @callback
    def add(self, listener: CALLBACK_TYPE, context: Hashable) -> Callable[[], None]:
        """Add a listener, and return what takes it away again."""
        self._count += 1
        number = self._count
        self._listeners.setdefault(context, {})[number] = listener
        return partial(self._remove, context, number)

    @callback
    def _remove(self, context: Hashable, number: int) -> None:
        listeners = self._listeners.get(context, {})
        listeners.pop(number, None)
        if not listeners:
            self._listeners.pop(context, None)

    def hears(self, context: Hashable) -> bool:
        """Return whether anybody listens to news of a context."""
        return context in self._listeners

    def of(self, contexts: Iterable[Hashable]) -> Iterator[CALLBACK_TYPE]:
        """Go through the listeners of some contexts."""
        for context in contexts:
            if listeners := self._listeners.get(context):
                yield from tuple(listeners.values())

    def everybody(self) -> Iterator[CALLBACK_TYPE]:
        """Go through all of them."""
        yield from self.of(tuple(self._listeners))


type _Tell[T] = Callable[[Callable[[T], None], T], None]
"""`tell(listener, news)`: tells one, whatever it raises."""


class Followers[T]:
    """Listeners to one kind of news."""

    def __init__(self, tell: _Tell[T]) -> None:
        """Begin with nobody."""
        self._listeners: list[Callable[[T], None]] = []
        self._tell = tell

    @callback
    def async_add(self, listener: Callable[[T], None]) -> CALLBACK_TYPE:
        """Add a listener, and return what takes it away again."""
        self._listeners.append(listener)

        @callback
        def stop() -> None:
            self._listeners.remove(listener)

        return stop

    @callback
    def tell(self, news: T) -> None:
        """Tell all of them."""
        for listener in tuple(self._listeners):
            self._tell(listener, news)
