"""The probe link: the probe in every frame of a page, and a line to each.

A page realm is one document in one frame. Frames of other origins may live in a process of their
own; the browser holds each at its start until the probe is in.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from harness.browser.calling import is_calling, is_in_a_call
from harness.browser.devtools import DevTools, DevToolsError, Session
from harness.browser.page_watch import DOMAINS
from harness.browser.page_windows import TargetInfo
from harness.browser.probe_settings import PageExtras, ProbeSettings
from harness.browser.realm import value_of
from harness.browser.request_log import NETWORK
from harness.errors import BrowserError, PageClosed, UsageError

AUTO_ATTACH = {
    "autoAttach": True,
    "waitForDebuggerOnStart": True,
    "flatten": True,
    "filter": [{"type": "iframe"}],
}
ASKED_BEFORE = "harness.asked"
"""As an event of a new window: what it has asked for so far, where `PageExtras` matter."""

_ASKED = "performance.getEntriesByType('resource').map((one) => one.name)"

WORKERS_TOO = {**AUTO_ATTACH, "filter": [{"type": "iframe"}, {"type": "worker"}]}


OnPayload = Callable[[Session, int, str], None]
"""Gets session, execution context and payload. (Contexts count anew in each process, so only the
first payload of a realm names its context for good.)"""


OnEvent = Callable[[Session, str, dict[str, Any]], None]
"""Gets the session of the page or frame, the method and its parameters."""


class ProbeLine:
    """The probe's line into a call's pages: injects it into every frame, receives its payloads.

    Args:
        on_payload: gets every payload of the binding, in the order of arrival.
        on_error: gets what went wrong while a frame was being attached.
        on_event: gets DevTools' other events of the page and its frames, and
            "Target.detachedFromTarget" when a page itself is gone.
    """

    def __init__(
        self,
        devtools: DevTools,
        settings: ProbeSettings,
        on_payload: OnPayload,
        on_error: Callable[[BaseException], None],
        on_event: OnEvent,
    ) -> None:
        self._devtools = devtools
        self._settings = settings
        self._domains = {**DOMAINS, "Network.enable": NETWORK} if settings.requests else DOMAINS
        self._extras = settings.extras or PageExtras((), "")
        self._has_workers = settings.requests or bool(self._extras.script)
        self._script = f"{_connect(settings.binding)}\n{self._extras.script}\n{settings.script()}"
        self._on_payload = on_payload
        self._on_error = on_error
        self._on_event = on_event
        self._tasks: set[asyncio.Task[None]] = set()
        self._page: Session | None = None
        self.pages: dict[str, Session] = {}
        """Every page that is there, by the id of its session; first the one that was given."""
        self._world_id: int | None = None
        """Execution context of our own world in the document that the page opened with."""

    async def attach(self, target_id: str, *, is_loaded: bool = False) -> None:
        """Install the probe in a page; its later documents all get it before their scripts.

        Args:
            is_loaded: the documents that are there get it now; else they are left as they are.

        Raises:
            UsageError: it is loaded, and in a call already.
        """
        self._page = await self._devtools.attach(target_id)
        self._add(self._page)
        await self._prepare(self._page, is_loaded)

    async def follow(self, belongs: Callable[[TargetInfo], bool]) -> None:
        """Put the probe into other pages of the browser, too: those there are, and those to come.

        Raises:
            UsageError: one of them is in a call already.
        """
        kinds = ("page", "shared_worker", "service_worker")[: 3 if self._has_workers else 1]
        await self._devtools.windows.follow(belongs, self._adopt_window, kinds)

    async def evaluate(self, expression: str, page: Session | None = None) -> Any:
        """What an expression gives in the page's own world, its promise awaited; by value.

        Args:
            page: which of the pages; the one that was given where absent.
        """
        result = await self.send(
            "Runtime.evaluate", page, expression=expression, awaitPromise=True, returnByValue=True
        )
        return value_of(result, expression)

    async def read_page_ms(self) -> float:
        """The page's time now, ms since the epoch; one short round trip.

        It is read in a world of our own, whose clock no script of the page can replace.
        """
        assert self._page is not None, "attach first"
        if self._world_id is None:
            self._world_id = await self._create_world(self._page)
        world_id, self._world_id = self._world_id, None  # gone with its document, if this fails
        result = await self._page.send(
            "Runtime.evaluate",
            expression="performance.timeOrigin + performance.now()",
            contextId=world_id,
            returnByValue=True,
        )
        self._world_id = world_id
        return float(result["result"]["value"])

    async def ping(self, page: Session | None = None) -> None:
        """Come back when a page's main thread had a moment for it.

        Args:
            page: which of the pages; the one that was given where absent.
        """
        await self.send("Runtime.evaluate", page, expression="0", returnByValue=True)

    async def send(self, method: str, page: Session | None, **params: Any) -> dict[str, Any]:
        """What a DevTools command gives.

        Args:
            page: which of the pages; None: the one that was given.
        """
        page = page or self._page
        assert page is not None, "attach first"
        return await page.send(method, **params)

    async def _create_world(self, page: Session) -> int:
        tree = await page.send("Page.getFrameTree")
        frame_id = tree["frameTree"]["frame"]["id"]
        world = await page.send(
            "Page.createIsolatedWorld", frameId=frame_id, worldName=self._settings.binding
        )
        return int(world["executionContextId"])

    async def aclose(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._devtools.windows.forget(self._adopt_window)
        if self._page is not None and not self._page.detached:
            with contextlib.suppress(DevToolsError, PageClosed):
                await self._devtools.root.send(
                    "Target.detachFromTarget", sessionId=self._page.session_id
                )

    async def _prepare(self, session: Session, is_loaded: bool, *resume: str) -> None:
        """Put the probe in; ``resume`` is sent with it, where others may let the page go, too."""
        documents: list[int] = []

        def receive(method: str, params: dict[str, Any]) -> None:
            self._receive(session, method, params)

        def receive_and_list(method: str, params: dict[str, Any]) -> None:
            if method == "Runtime.executionContextCreated" and _is_document(params["context"]):
                documents.append(params["context"]["id"])
            receive(method, params)

        session.handler = receive_and_list if is_loaded else receive
        await asyncio.gather(
            session.send("Page.enable"),
            session.send("Runtime.enable"),  # without it the binding is not put into new documents
            session.send("Runtime.addBinding", name=self._settings.binding),
            session.send("Page.addScriptToEvaluateOnNewDocument", source=self._script),
            session.send(
                "Target.setAutoAttach", **(WORKERS_TOO if self._has_workers else AUTO_ATTACH)
            ),
            *(session.send(command, **options) for command, options in self._domains.items()),
            *(session.send(command, **options) for command, options in self._extras.commands),
            *(session.send(command) for command in resume),
        )
        session.handler = receive  # documents that come from here on have the probe already
        if documents:  # what it shows is known before it says anything
            tree = await session.send("Page.getFrameTree")
            self._on_event(session, "Page.frameNavigated", {"frame": tree["frameTree"]["frame"]})
        for document in documents:
            await self._install(session, document)

    async def _install(self, session: Session, document: int) -> None:
        """Put the probe into a document that is there; where it is already, nothing happens."""
        with contextlib.suppress(PageClosed):  # the document was gone meanwhile: no loss
            is_known = await self._came_early(session, document)
            if not is_known and await is_calling(session, document):
                raise is_in_a_call()
            await session.send("Runtime.evaluate", expression=self._script, contextId=document)

    async def _came_early(self, session: Session, document: int) -> bool:
        """Whether a probe is there that heard everything, and waits for us or has its way out."""
        name, key = connecting(self._settings.binding), self._settings.key
        found = await session.send(
            "Runtime.evaluate",
            expression=f'typeof globalThis["{name}"] === "function" || '
            f'globalThis.Navigator?.prototype.javaEnabled["{key}"] !== undefined',
            contextId=document,
            returnByValue=True,
        )
        return bool(found["result"].get("value"))

    def _receive(self, session: Session, method: str, params: dict[str, Any]) -> None:
        if method == "Runtime.bindingCalled" and params["name"] == self._settings.binding:
            self._on_payload(session, int(params["executionContextId"]), params["payload"])
        elif method == "Target.attachedToTarget":
            child = self._devtools.session(params["sessionId"])
            child.page = session.page
            if params["targetInfo"]["type"] == "worker":
                self._begin_worker(child)
            else:
                self._start(self._adopt(child, is_loaded=not params["waitingForDebugger"]))
        elif method != "Target.detachedFromTarget" or self._lose_page(params["sessionId"]):
            self._on_event(session, method, params)

    def _lose_page(self, session_id: str) -> bool:
        """Whether it was a page, and not one of its frames."""
        return self.pages.pop(session_id, None) is not None

    def _add(self, page: Session) -> None:
        assert page.session_id is not None
        self.pages[page.session_id] = page

    async def _adopt_window(self, page: Session, info: TargetInfo) -> None:
        if (kind := info.get("type", "page")) != "page":
            page.worker = kind
            await self._adopt_worker(page, self._extras.worker_commands)
            return
        self._add(page)
        try:
            await self._prepare(page, True, "Runtime.runIfWaitingForDebugger")
            if self._extras.script:  # it may have been let go before it had them
                urls = await self.evaluate(_ASKED, page)
                self._on_event(page, ASKED_BEFORE, {"urls": urls})
        except PageClosed:
            pass  # it was gone before we had it
        except (BrowserError, UsageError) as error:
            self._on_error(error)

    async def _adopt(self, child: Session, is_loaded: bool) -> None:
        """A frame with a process of its own; a new one waits for us before its first script."""
        try:
            await self._prepare(child, is_loaded)
            await child.send("Runtime.runIfWaitingForDebugger")
        except PageClosed:
            pass  # the frame was gone before we had it
        except (BrowserError, UsageError) as error:
            self._on_error(error)

    async def _adopt_worker(
        self, worker: Session, commands: Sequence[tuple[str, Mapping[str, Any]]]
    ) -> None:
        """A worker has no probe; what pages get beside that, it has before its first line."""

        def receive(method: str, params: dict[str, Any]) -> None:
            if method == "Target.attachedToTarget":  # by the worker itself
                child = self._devtools.session(params["sessionId"])
                child.page = worker.page
                self._begin_worker(child)
            elif method != "Target.detachedFromTarget":
                self._on_event(worker, method, params)

        worker.handler = receive
        with contextlib.suppress(PageClosed, DevToolsError):  # over, or nothing that it has
            await asyncio.gather(
                worker.send("Network.enable", **self._domains["Network.enable"]),
                worker.send("Target.setAutoAttach", **WORKERS_TOO),
                *(worker.send(command, **options) for command, options in commands),
                worker.send("Runtime.evaluate", expression=self._extras.script),
                worker.send("Runtime.runIfWaitingForDebugger"),
            )

    def _begin_worker(self, worker: Session) -> None:
        worker.worker = "worker"
        self._start(self._adopt_worker(worker, ()))

    def _start(self, work: Any) -> None:
        task: asyncio.Task[None] = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def connecting(binding: str) -> str:
    """Name of the function with which a probe that came early is told of its way out."""
    return f"{binding}_"


def _connect(binding: str) -> str:
    name = f'globalThis["{connecting(binding)}"]'
    return f"if ({name}) {name}();"


def _is_document(context: dict[str, Any]) -> bool:
    """Whether it is where a page's own scripts run, and no world of an extension or of ours."""
    return bool(context.get("auxData", {}).get("isDefault"))
