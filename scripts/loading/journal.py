"""What Home Assistant logs from some moment on."""

from __future__ import annotations

from collections.abc import Callable

from scripts.parts.home_assistant import HomeAssistantProcess

DOMAIN = "mqtt_dispatch"
SHOWN_LINES = 10
LONGEST_LINE = 200


class Journal:
    """The lines that came since it was made."""

    def __init__(self, home_assistant: HomeAssistantProcess) -> None:
        self._home_assistant = home_assistant
        self._begun = len(home_assistant.log())

    def lines(self) -> list[str]:
        """Return every line, also those of a traceback."""
        return self._home_assistant.log()[self._begun :].splitlines()

    def errors(self) -> list[str]:
        """Return the errors, whoever made them."""
        return self._with(lambda line: " ERROR " in line or "Traceback" in line)

    def complaints(self) -> list[str]:
        """Return the warnings and errors of the integration."""
        return self._with(
            lambda line: DOMAIN in line and (" WARNING " in line or " ERROR " in line)
        )

    def excerpt(self) -> str:
        """Return the first few errors of anybody and complaints of the integration."""
        lines = dict.fromkeys([*self.errors(), *self.complaints()])
        return "\n".join(line[:LONGEST_LINE] for line in list(lines)[:SHOWN_LINES])

    def _with(self, wanted: Callable[[str], bool]) -> list[str]:
        return [line for line in self.lines() if wanted(line)]
