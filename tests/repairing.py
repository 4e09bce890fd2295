"""The repairs as a person sees them, and goes through them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir

from custom_components.mqtt_dispatch.const import DOMAIN


class Person:
    """Somebody who goes through the fix flow of an issue, as the frontend does."""

    def __init__(self, hass: HomeAssistant, client: Any, access_token: str) -> None:
        """Sit down before the frontend, and stay signed in."""
        self._hass = hass
        self._client = client
        self._signed_in = hass.auth.async_validate_access_token(access_token)
        self.accepts = ""
        """The languages that the browser says it accepts."""

    async def opens(self, issue: ir.IssueEntry) -> dict[str, Any]:
        """Click on an issue."""
        return await self._post(
            "/api/repairs/issues/fix",
            {"handler": issue.domain, "issue_id": issue.issue_id},
        )

    async def chooses(self, flow: dict[str, Any], choice: str) -> dict[str, Any]:
        """Choose from a menu."""
        return await self._goes_on(flow, {"next_step_id": choice})

    async def submits(self, flow: dict[str, Any]) -> dict[str, Any]:
        """Submit a form without fields."""
        return await self._goes_on(flow, {})

    async def _goes_on(
        self, flow: dict[str, Any], data: dict[str, Any]
    ) -> dict[str, Any]:
        answer = await self._post(f"/api/repairs/issues/fix/{flow['flow_id']}", data)
        await self._hass.async_block_till_done()
        return answer

    async def _post(self, url: str, data: dict[str, Any]) -> dict[str, Any]:
        assert self._signed_in is not None
        token = self._hass.auth.async_create_access_token(self._signed_in)
        headers = {"Authorization": f"Bearer {token}"}
        if self.accepts:
            headers["Accept-Language"] = self.accepts
        response = await self._client.post(url, json=data, headers=headers)
        assert response.status == 200
        answer: dict[str, Any] = await response.json()
        return answer


def issues(hass: HomeAssistant) -> list[ir.IssueEntry]:
    """Return the issues of MQTT Dispatch that are shown."""
    return [
        issue
        for issue in ir.async_get(hass).issues.values()
        if issue.domain == DOMAIN and issue.active
    ]


def leave_as_after_a_restart(hass: HomeAssistant, issue: ir.IssueEntry) -> None:
    """Leave of an issue what Home Assistant keeps over a restart: that it was there."""
    ir.async_get(hass).issues[DOMAIN, issue.issue_id] = replace(
        issue, active=False, data=None, is_fixable=None, translation_placeholders=None
    )


def keys(hass: HomeAssistant) -> list[str | None]:
    """Return what is shown, by the keys of its texts."""
    return [issue.translation_key for issue in issues(hass)]


def placeholders(hass: HomeAssistant) -> dict[str, str]:
    """Return what fills in the text of the only issue."""
    (issue,) = issues(hass)
    return issue.translation_placeholders or {}
