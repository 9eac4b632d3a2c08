"""The HTTP retriever: a server of yours that finds passages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import aiohttp
from pydantic import BaseModel, ValidationError

from harness.context.errors import KnowledgeError
from harness.context.knowledge.passages import Passage

MOST_BYTES = 2_000_000
"""Of an answer: it is cut to what a call can bear, and not read without an end."""

ANSWERS_WITHIN_S = 10.0


class _Found(BaseModel):
    text: str
    source: str
    score: float = 0.0


class _Answer(BaseModel):
    passages: list[_Found]


class HttpRetriever:
    """Posts ``{"query": …, "k": …}``, and reads ``{"passages": [{"text", "source", "score"}]}``.

    Args:
        url: where.
        headers: sent along, such as an authorization.
        within_s: how long an answer may take.
    """

    def __init__(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        within_s: float = ANSWERS_WITHIN_S,
    ) -> None:
        self.url = url
        self._headers = dict(headers or {})
        self._within = aiohttp.ClientTimeout(total=within_s)

    async def retrieve(self, query: str, k: int) -> list[Passage]:
        """The passages that the server finds.

        Raises:
            KnowledgeError: nobody answers in time, or with something else.
        """
        try:
            async with (
                aiohttp.ClientSession(timeout=self._within, headers=self._headers) as session,
                session.post(self.url, json={"query": query, "k": k}) as answer,
            ):
                body = await answer.content.read(MOST_BYTES + 1)
                status = answer.status
                while len(body) <= MOST_BYTES and (more := await answer.content.read(MOST_BYTES)):
                    body += more
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise self._error(f"{type(error).__name__}: {error}".rstrip(": ")) from error
        if status != 200:
            raise self._error(f"status {status}")
        if len(body) > MOST_BYTES:
            raise self._error(f"more than {MOST_BYTES} bytes")
        try:
            found = _Answer.model_validate_json(body)
        except ValidationError as error:
            problem: Any = error.errors(include_url=False, include_input=False)[0]
            place = ".".join(map(str, problem["loc"]))
            raise self._error(f"{place}: {problem['msg']}".removeprefix(": ")) from error
        return [Passage(one.text, one.source, one.score) for one in found.passages]

    def _error(self, found: str) -> KnowledgeError:
        return KnowledgeError(
            f"The retriever at {self.url} gave no passages.",
            expected=f'{{"passages": [{{"text", "source", "score"}}]}} within '
            f"{self._within.total:g} s",
            found=found,
        )
