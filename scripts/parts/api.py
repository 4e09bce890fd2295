"""What a person does in the browser, done through Home Assistant's own HTTP API."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
import contextlib
from http import HTTPStatus
import time
from typing import Any, Self

import aiohttp

from .process import PartError

USER = "demo"
PASSWORD = "demo"  # noqa: S105 - printed for everybody to see
ANSWER_PATIENCE = 180

type Json = Any


class RefusedError(PartError):
    """Home Assistant answered with an error."""

    def __init__(self, what: str, status: int, body: str) -> None:
        super().__init__(f"{what}: {status} {body}")
        self.status = status
        self.body = body


class Api:
    """A session with one Home Assistant, as its owner."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._client_id = f"{url}/"
        self._token = ""
        self._signed_in: Json = {}
        self._session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=ANSWER_PATIENCE)
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        await self._session.close()

    async def get(self, path: str) -> Json:
        return await self._request("GET", path)

    async def post(self, path: str, body: Json = None) -> Json:
        return await self._request("POST", path, json=body if body is not None else {})

    async def delete(self, path: str) -> Json:
        return await self._request("DELETE", path)

    async def sign_in(self) -> None:
        """Sign in as the owner, who is made first where there is none."""
        if await self._has_no_owner():
            await self._onboard()
            return
        body = {
            "client_id": self._client_id,
            "handler": ["homeassistant", None],
            "redirect_uri": self._client_id,
        }
        flow = await self.post("/auth/login_flow", body)
        body = {
            "client_id": self._client_id,
            "username": USER,
            "password": PASSWORD,
        }
        result = await self.post(f"/auth/login_flow/{flow['flow_id']}", body)
        await self._take_token(result["result"])

    @property
    def signed_in(self) -> Json:
        """What a page keeps as `hassTokens` of who has signed in there."""
        lasts = self._signed_in["expires_in"]
        return {
            **self._signed_in,
            "hassUrl": self.url,
            "clientId": self._client_id,
            "expires": int((time.time() + lasts) * 1000),
        }

    async def call(
        self, domain: str, action: str, data: Mapping[str, Json] | None = None
    ) -> Json:
        """Call an action that answers and return its answer; raises RefusedError."""
        path = f"/api/services/{domain}/{action}?return_response"
        return (await self.post(path, dict(data or {})))["service_response"]

    async def do(
        self, domain: str, action: str, data: Mapping[str, Json] | None = None
    ) -> None:
        """Call an action that gives no answer; raises RefusedError."""
        await self.post(f"/api/services/{domain}/{action}", dict(data or {}))

    async def state(self, entity_id: str) -> Json:
        """Return an entity's state and attributes; raises RefusedError for none."""
        return await self.get(f"/api/states/{entity_id}")

    @contextlib.asynccontextmanager
    async def websocket(self) -> AsyncIterator[WebSocket]:
        """Open a websocket connection of one's own."""
        url = f"{self.url}/api/websocket"
        async with self._session.ws_connect(url, max_msg_size=0) as socket:
            await socket.receive_json()
            await socket.send_json({"type": "auth", "access_token": self._token})
            answer = await socket.receive_json()
            if answer["type"] != "auth_ok":
                raise RefusedError("websocket", 401, str(answer))
            yield WebSocket(socket)

    async def ask(self, message_type: str, **fields: Json) -> Json:
        """Send one websocket message and return its result; raises RefusedError."""
        async with self.websocket() as socket:
            return await socket.ask(message_type, **fields)

    async def _has_no_owner(self) -> bool:
        try:
            steps = await self.get("/api/onboarding")
        except RefusedError as refusal:
            # The address is gone for good when every step was taken.
            if refusal.status == HTTPStatus.NOT_FOUND:
                return False
            raise
        return any(step["step"] == "user" and not step["done"] for step in steps)

    async def _onboard(self) -> None:
        body = {
            "name": "Demo",
            "username": USER,
            "password": PASSWORD,
            "client_id": self._client_id,
            "language": "en",
        }
        await self._take_token(
            (await self.post("/api/onboarding/users", body))["auth_code"]
        )
        await self.post("/api/onboarding/analytics")
        body = {"client_id": self._client_id, "redirect_uri": self._client_id}
        await self.post("/api/onboarding/integration", body)

    async def _take_token(self, code: str) -> None:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "client_id": self._client_id,
        }
        self._signed_in = await self._request("POST", "/auth/token", data=form)
        self._token = self._signed_in["access_token"]

    async def _request(self, method: str, path: str, **options: Json) -> Json:
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        async with self._session.request(
            method, f"{self.url}{path}", headers=headers, **options
        ) as answer:
            if not answer.ok:
                raise RefusedError(path, answer.status, await answer.text())
            return await answer.json(content_type=None)


class WebSocket:
    """A connection that carries questions, answers and subscriptions."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._last_id = 0

    async def ask(self, message_type: str, **fields: Json) -> Json:
        """Send a message and return its result; raises RefusedError.

        Events of subscriptions that come before the result are dropped.
        """
        self._last_id += 1
        message = {"id": self._last_id, "type": message_type, **fields}
        await self._socket.send_json(message)
        while True:
            answer = await self._socket.receive_json()
            if answer["id"] == self._last_id and answer["type"] == "result":
                break
        if not answer["success"]:
            raise RefusedError(message_type, 400, str(answer["error"]))
        return answer["result"]

    async def events(self, message_type: str, **fields: Json) -> AsyncIterator[Json]:
        """Subscribe, and give the events as they come."""
        await self.ask(message_type, **fields)
        subscription = self._last_id
        while True:
            message = await self._socket.receive_json()
            if message["id"] == subscription and message["type"] == "event":
                yield message["event"]


async def wait_for_state(
    api: Api, entity_id: str, wanted: Callable[[str], bool]
) -> str:
    """Return the first state of an entity that is wanted; wait for it without limit.

    A limit is the caller's: `async with asyncio.timeout(10)`.
    """
    async with api.websocket() as socket:
        changes = socket.events("subscribe_entities", entity_ids=[entity_id])
        async for change in changes:
            for now in (*_added(change, entity_id), *_changed(change, entity_id)):
                if wanted(now):
                    return now
    raise PartError(f"The connection ended while waiting for {entity_id}")


def _added(change: Json, entity_id: str) -> list[str]:
    added = change.get("a", {}).get(entity_id)
    return [added["s"]] if added else []


def _changed(change: Json, entity_id: str) -> list[str]:
    fields = change.get("c", {}).get(entity_id, {}).get("+", {})
    return [fields["s"]] if "s" in fields else []
