"""Who answers, chosen over HTTP."""

from __future__ import annotations

from typing import Any

from tests.support.local_server import WITH_KEY, local_server


async def test_an_assistant_is_chosen_for_later_calls() -> None:
    async with local_server() as server:
        path, known = "/harness/assistant", ["script", "echo", "echo-sound"]

        async def put(body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
            async with server.client.put(path, json=body, headers=WITH_KEY) as response:
                return response.status, await response.json()

        assert await put({"assistant": "echo"}) == (200, {"assistant": "echo", "known": known})
        assert server.state.assistants.name == "echo"
        for wrong in ({"assistant": "llm"}, {"assistant": 7}, {}):
            status, body = await put(wrong)
            assert (status, body["error"]["param"]) == (400, "assistant")
        async with server.client.get(path, headers=WITH_KEY) as response:
            assert await response.json() == {"assistant": "echo", "known": known}
        async with server.client.get(path) as response:
            assert response.status == 401


async def test_a_script_puts_itself_in_charge() -> None:
    async with local_server() as server:
        server.state.assistants.name = "echo"
        body = {"rules": [{"say": "Hello."}]}
        async with server.client.put("/harness/script", json=body, headers=WITH_KEY) as response:
            assert await response.json() == {"rules": 1}
        assert server.state.assistants.current is server.state.assistants.script
        assert server.state.assistants.name == "script"
