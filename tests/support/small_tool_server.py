"""A tool server of a few lines, which starts at once and misbehaves on request: its first argument.

It knows the protocol's older handshake alone, and of the official package nothing.
"""

from __future__ import annotations

import json
import os
import sys
import time
from typing import Any

HOW = sys.argv[1] if len(sys.argv) > 1 else "well"

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


def say(message: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
    sys.stdout.flush()


def called(arguments: dict[str, Any]) -> dict[str, Any]:
    if HOW == "dies":
        sys.stderr.write("out of paper\n")
        os._exit(4)
    if HOW == "hangs":
        time.sleep(60)
    if HOW == "floods":
        while True:
            sys.stdout.write("x" * 65536)
    if HOW == "noise":
        while True:
            sys.stdout.write("hello\n")
    text = arguments.get("text", "")
    if HOW == "long":
        text = "x" * 60_000
    if HOW == "env":
        text = f"{os.environ.get('DESK_KEY')} {os.environ.get('OTHER_KEY')}"
    answer: dict[str, Any] = {"content": [{"type": "text", "text": text}]}
    if HOW == "lies":
        answer["structuredContent"] = {"number": "seven"}
    if HOW == "fails":
        answer["isError"] = True
    return answer


def answer(request: dict[str, Any]) -> None:
    method, params = request["method"], request.get("params") or {}
    if method == "initialize":
        version = params["protocolVersion"]
        info = {"name": "small", "version": "1"}
        result = {"protocolVersion": version, "capabilities": {"tools": {}}, "serverInfo": info}
    elif method == "tools/list":
        result = {"tools": IN_ITS_OWN_WAY.get(HOW, TOOLS)}
    elif method == "tools/call":
        result = called(params.get("arguments") or {})
    elif method == "prompts/list" and HOW == "prompts":
        result = {"prompts": [{"name": "greeting"}]}
    elif method == "prompts/get" and HOW == "prompts" and params["name"] == "greeting":
        text = f"Greet in {params['arguments']['language']}."
        told = {"type": "text", "text": text}
        result = {"messages": [{"role": "user", "content": told}] * 2}
    else:
        say({"id": request["id"], "error": {"code": -32601, "message": "Method not found"}})
        return
    say({"id": request["id"], "result": result})


def main() -> None:
    if HOW == "silent":
        time.sleep(60)
    if HOW == "greets":
        sys.stdout.write("Welcome to the small server!\n")
    for line in sys.stdin:
        request = json.loads(line)
        if "id" in request:
            answer(request)


if __name__ == "__main__":
    main()
