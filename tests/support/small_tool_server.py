"""A tool server of a few lines, which starts at once and misbehaves on request: its first argument.

It knows the protocol's older handshake alone, and of the official package nothing.
`small_http_tool_server` answers the same over HTTP.
"""

from __future__ import annotations

import json
import os
import sys
import time
from typing import Any

PLAIN = {"type": "object", "properties": {"text": {"type": "string"}}}
TOOLS: list[dict[str, Any]] = [{"name": "repeat", "inputSchema": PLAIN}]
IN_ITS_OWN_WAY: dict[str, list[dict[str, Any]]] = {
    "lies": [
        {"name": "no_schema", "inputSchema": {**PLAIN, "minProperties": "two"}},
        {"name": "no_type", "inputSchema": {"type": "object", "properties": {"a": {"type": "b"}}}},
        {"name": "no name", "inputSchema": PLAIN},
        {
            "name": "repeat",
            "inputSchema": PLAIN,
            "outputSchema": {
                "type": "object",
                "properties": {"number": {"type": "integer"}},
                "required": ["number"],
            },
        },
    ],
    "no list": [{"name": "no_object", "inputSchema": {"type": "string"}}],
    "many": [{"name": f"tool_{number}", "inputSchema": PLAIN} for number in range(600)],
}


def called(how: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """The result of a call, which may be a lie."""
    text = arguments.get("text", "")
    if how == "long":
        text = "x" * 60_000
    if how == "env":
        text = f"{os.environ.get('DESK_KEY')} {os.environ.get('OTHER_KEY')}"
    if how == "no result":
        return {"content": 7}
    result: dict[str, Any] = {"content": [{"type": "text", "text": text}]}
    if how == "lies":
        result["structuredContent"] = {"number": "seven"}
    if how == "fails":
        result["isError"] = True
    return result


def answer(how: str, request: dict[str, Any]) -> dict[str, Any]:
    """The message that answers a request."""
    method, params = request["method"], request.get("params") or {}
    if method == "initialize":
        version = params["protocolVersion"]
        info = {"name": "small", "version": "1"}
        result = {"protocolVersion": version, "capabilities": {"tools": {}}, "serverInfo": info}
    elif method == "tools/list":
        result = {"tools": IN_ITS_OWN_WAY.get(how, TOOLS)}
    elif method == "tools/call":
        result = called(how, params.get("arguments") or {})
    elif method == "prompts/list" and how == "prompts":
        result = {"prompts": [{"name": "greeting"}]}
    elif method == "prompts/get" and how == "prompts" and params["name"] == "greeting":
        text = f"Greet in {params['arguments']['language']}."
        told = {"type": "text", "text": text}
        result = {"messages": [{"role": "user", "content": told}] * 2}
    else:
        error = {"code": -32601, "message": "Method not found"}
        return {"jsonrpc": "2.0", "id": request["id"], "error": error}
    return {"jsonrpc": "2.0", "id": request["id"], "result": result}


def misbehave(how: str) -> None:
    """As a program does that is called."""
    if how == "dies":
        sys.stderr.write("out of paper\n")
        os._exit(4)
    if how == "hangs":
        time.sleep(60)
    if how == "floods":
        while True:
            sys.stdout.write("x" * 65536)
    if how == "noise":
        while True:
            sys.stdout.write("hello\n")


def main(how: str) -> None:
    if how == "silent":
        time.sleep(60)
    if how == "greets":
        sys.stdout.write("Welcome to the small server!\n")
    for line in sys.stdin:
        request = json.loads(line)
        if request.get("method") == "tools/call":
            misbehave(how)
        if "id" in request:
            sys.stdout.write(json.dumps(answer(how, request)) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "well")
