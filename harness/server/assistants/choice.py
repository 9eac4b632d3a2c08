"""Choice of a server's assistant, ears and voice: by name, at its start."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator

from harness.cassette.replay import Delays
from harness.cassette.shelf import CassetteOptions, Shelf, assistant_name
from harness.errors import UsageError
from harness.plain_data import Data
from harness.realtime.server.assistants.assistant import Assistant
from harness.realtime.server.assistants.echo import Echo
from harness.realtime.server.assistants.script import Script
from harness.server.assistants.plugins import made, own_speech_workers
from harness.speech.workers import SpeechWorkers

if TYPE_CHECKING:
    from harness.server.assistants.llm import LlmAssistant

SHIPPED = ("script", "echo", "echo-sound", "llm")
LLM_KEY_VARIABLE = "HARNESS_LLM_API_KEY"


class Parts(Data):
    """The choice, as data. Hides the language model's key from every text about it."""

    assistant: str = Field(
        default="script", description="script, echo, echo-sound, llm, or module:factory"
    )
    llm_url: str | None = Field(default=None, description="http://host:port/v1")
    llm_model: str | None = None
    llm_key: str | None = Field(default=None, repr=False)
    detector: str | None = None
    recogniser: str | None = None
    synthesiser: str | None = None
    turn_completion: str | None = None
    cassette: str | None = Field(default=None, description="the folder of one, or of several")
    delays: Delays = "recorded"
    lenient: bool = False

    @field_validator("assistant")
    @classmethod
    def _is_known(cls, name: str) -> str:
        if name not in SHIPPED and ":" not in name:
            raise ValueError(f"there is no assistant “{name}”")
        return name

    @field_validator("llm_url")
    @classmethod
    def _is_an_address(cls, url: str | None) -> str | None:
        parts = urlsplit(url or "http://host")
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("the language model's address must begin with http:// or https://")
        if parts.username or parts.password:
            raise ValueError("a key goes into the environment, not into the address")
        return url

    @model_validator(mode="after")
    def _belongs_together(self) -> Parts:
        if (self.llm_url is None) != (self.llm_model is None):
            raise ValueError("a language model needs both its address and its name")
        if self.assistant == "llm" and self.llm_url is None:
            raise ValueError("the assistant “llm” needs an address and a model")
        if self.cassette is None and (self.lenient or self.delays != "recorded"):
            raise ValueError("delays and lenient belong to a cassette")
        return self

    @property
    def shelf(self) -> Shelf | None:
        """The cassettes, read; None where there are none.

        Raises:
            UsageError: one cannot be used.
        """
        if self.cassette is None:
            return None
        return Shelf(CassetteOptions(Path(self.cassette), self.delays, self.lenient))

    def given(self) -> dict[str, Any]:
        """As data that `parts_from` takes, without what was not chosen."""
        return self.model_dump(exclude_none=True)

    def speech_workers(self) -> SpeechWorkers:
        """Workers on the chosen engines; imports them, but loads no model yet.

        Raises:
            UsageError: one cannot be used.
        """
        kinds = ("detector", "recogniser", "synthesiser", "turn_completion")
        named = {kind: getattr(self, kind) for kind in kinds}
        return own_speech_workers({kind: name for kind, name in named.items() if name})


def parts_from(given: Any) -> Parts:
    """The choice from data.

    Raises:
        UsageError: names what is wrong.
    """
    try:
        return Parts.model_validate(given or {})
    except ValueError as error:
        problems: list[Any] = getattr(error, "errors", lambda **_: [])(
            include_url=False, include_input=False
        )
        found = "; ".join(str(one["msg"]).removeprefix("Value error, ") for one in problems)
        raise UsageError(
            "The server cannot be put together.",
            expected=f"an assistant ({', '.join(SHIPPED)} or module:factory), and engines as "
            "module:factory",
            found=found,
        ) from None


class Assistants:
    """The assistants of one server, and which of them answers in later calls.

    Raises:
        UsageError: one of somebody's own making cannot be used.
    """

    def __init__(self, parts: Parts | None = None, script: Script | None = None) -> None:
        parts = parts or Parts()
        self.script = script or Script()
        self._llm: LlmAssistant | None = None
        self._own: Assistant | None = None
        if parts.llm_url is not None and parts.llm_model is not None:
            from harness.server.assistants.llm import LlmAssistant

            self._llm = LlmAssistant(parts.llm_url, parts.llm_model, parts.llm_key)
        if parts.assistant not in SHIPPED:
            self._own = made(parts.assistant, "assistant")
        self._local = parts.assistant if parts.assistant in SHIPPED else "own"
        self._shelf = parts.shelf
        self.name = self._local
        if self._shelf is not None and "" in self._shelf.names:
            self.name = assistant_name("")

    @property
    def known(self) -> dict[str, Assistant]:
        """Those that there are, by the names to choose them with."""
        found: dict[str, Assistant | None] = {
            "script": self.script,
            "echo": Echo(),
            "echo-sound": Echo(sound=True),
            "llm": self._llm,
            "own": self._own,
        }
        known = {name: assistant for name, assistant in found.items() if assistant is not None}
        if self._shelf is None:
            return known
        local = known[self._local]
        shelf = {assistant_name(n): self._shelf.assistant(n, local) for n in self._shelf.names}
        return {**known, **shelf}

    @property
    def current(self) -> Assistant:
        """Who answers in a call that begins now."""
        return self.known[self.name]

    def follow(self, script: Script) -> None:
        """From now on this script answers; where there is a cassette, what that leaves to it."""
        self.script = script
        if self._shelf is None:
            self.name = "script"

    async def aclose(self) -> None:
        """Close what they keep open."""
        if self._llm is not None:
            await self._llm.aclose()
