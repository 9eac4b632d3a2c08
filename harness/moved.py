"""Old names of modules: they still work in this version, with a warning.

Deleted in the next one. Symbols that left a module which is still there are in `SYMBOLS`.
"""

from __future__ import annotations

import importlib
import importlib.machinery
import importlib.util
import sys
import warnings
from collections.abc import Sequence
from types import ModuleType
from typing import Any

_TABLE = """
audio.library audio.fixtures
audio.telephone audio.g711
audio.timeline audio.stereo_recorder
bench.far_end bench.callee
bench.long_talk bench.simulated_soak
bench.programme bench.listening_test
bench.shares bench.cpu_shares
bench.talking_pages bench.page_calls
browser.bridge browser.reassembler
browser.clock_witness browser.clock_check
browser.envelope line.envelope
browser.envelope_types line.envelope_types
browser.navigation browser.page_errors
browser.probe_line browser.probe_link
call.addresses redact
call.answers score.answers
call.audio_batches line.audio_batches
call.call_waits call.waits
call.connection_envelopes line.connection_envelopes
call.dialog_wishes call.dialog_answers
call.even_pace line.even_pace
call.fault_witness call.fault_log_reader
call.line line.interface
call.mixing_microphone line.mixing_microphone
call.native engines.native.open
call.native_line engines.native.line
call.open engines.browser.open
call.page_dialogs engines.browser.page_dialogs
call.page_host engines.browser.page_host
call.page_line engines.browser.line
call.page_watch browser.page_watch
call.rest client.server_api
call.simulated engines.simulated.open
call.simulated_line engines.simulated.line
call.simulated_server engines.simulated.server
call.simulated_speech engines.simulated.speech
call.speech_tools speech.tools
call.voice_activity speech.voice_activity
call.protocol protocols.interface
call.wire protocols.interface
client.link client.transport
client.rest client.http_api
client.shell client.session_runner
context.chatkit.own_shapes context.own_shapes
doctor cli.checks
doctor_speech cli.speech_checks
peer.contract testing.peer_contract
peer.contract_pairs testing.peer_contract_pairs
peer.contract_tools testing.peer_contract_tools
peer.engines peer.backends
peer.page_connection peer.page_peer
peer.page_line peer.page_link
peer.recording_listener testing.recording_listener
peer.simulated testing.simulated_peer
peer.simulated_sdp testing.simulated_sdp
pytest_artifacts pytest_plugin.artifacts
pytest_begun pytest_plugin.begun
realtime.finished_words realtime.end_of_turn
realtime.history realtime.client.history
realtime.server.mcp_values realtime.server.validation.mcp_values
realtime.session realtime.client.session
realtime.session_answers realtime.client.responses
realtime.session_asking realtime.client.response_queue
realtime.session_channel realtime.client.channel
realtime.session_commands realtime.client.commands
realtime.session_config realtime.session_object
realtime.session_conversation realtime.client.followed_conversation
realtime.session_core realtime.client.core
realtime.session_events realtime.client.events
realtime.session_log realtime.client.log
realtime.session_news realtime.client.notices
realtime.session_outputs realtime.client.outputs
realtime.session_playback realtime.client.playback
realtime.session_resume realtime.client.resume
realtime.session_settings realtime.client.settings
realtime.session_snapshot realtime.client.snapshot
realtime.session_tools realtime.client.tool_calls
realtime.session_updates realtime.client.updates
realtime.tools realtime.client.tools
report.call_record score.call_record
report.exchanges score.exchanges
report.metrics score.metrics
scenario.ahead engines.prelaunch
scenario.servers engines.servers
scenario.side_by_side engines.concurrently
scenario.all_mistakes all_mistakes
scenario.yaml12 yaml12
scenario.yaml_file yaml_file
server.app server.routes.app
server.assistants.assistant realtime.server.assistants.assistant
server.assistants.echo realtime.server.assistants.echo
server.assistants.routes server.routes.assistants
server.assistants.script realtime.server.assistants.script
server.calls.call server.calls.webrtc_call
server.calls.calls server.calls.registry
server.calls.early server.calls.early_messages
server.calls.event_socket server.http.event_socket
server.calls.rates audio.half_band
server.calls.routes server.routes.calls
server.calls.shell server.calls.call_runner
server.calls.speech_workers speech.workers
server.calls.websocket_routes server.routes.websocket
server.chatkit.kept_threads context.threads.kept_threads
server.child server.process.child
server.calls.mcp_failures context.mcp.failures
server.client_secrets server.http.client_secrets
server.door server.http.connection_guard
server.faults.audio realtime.faults.audio
server.faults.base realtime.faults.base
server.faults.call realtime.faults.call
server.faults.event realtime.faults.events
server.faults.faults realtime.faults.parse
server.faults.http realtime.faults.http
server.faults.log realtime.faults.log
server.faults.models realtime.faults.models
server.faults.models_call realtime.faults.models_call
server.faults.relay network.relay
server.faults.routes server.routes.faults
server.faults.sdp realtime.faults.sdp
server.faults.spoiler server.faults.injector
server.faults.spoiling server.faults.sources
server.faults.triggers realtime.faults.triggers
server.http_errors server.http.errors
server.keys server.http.auth
server.listening server.http.address
server.one_process server.process.single
server.own_engines server.assistants.plugins
server.pages server.routes.page
server.parts server.assistants.choice
server.requests server.http.body
server.session realtime.server
server.session.answer realtime.server.response
server.session.client_events realtime.server.validation.client_events
server.session.context realtime.server.context
server.session.detection realtime.server.detection
server.session.ears realtime.server.transcription
server.session.faults realtime.server.response_faults
server.session.formats realtime.audio_formats
server.session.input_audio realtime.server.input_audio
server.session.items realtime.server.items
server.session.live_words realtime.server.partial_transcript
server.session.mcp realtime.server.mcp_servers
server.session.mcp_call realtime.server.mcp_calls
server.session.mcp_tools realtime.server.validation.mcp_values
server.session.mcp_turns realtime.server.mcp_turns
server.session.output realtime.server.output_items
server.session.outputs realtime.server.outputs
server.session.playback realtime.server.playback
server.session.responses realtime.server.responses
server.session.session realtime.server.session
server.session.settings realtime.server.validation.settings
server.session.shapes realtime.server.validation.shapes
server.session.shapes_mcp realtime.server.validation.shapes_mcp
server.session.speech realtime.server.spoken_message
server.session.speech_plan realtime.server.speech_pacing
server.session.spoken_audio realtime.server.spoken_audio
server.session.state realtime.server.state
server.session.thought realtime.server.assistant_output
server.session.tokens realtime.server.tokens
server.session.tools realtime.server.offered_tools
server.session.truncation realtime.server.truncation
server.session.turns realtime.server.turns
server.session.validation realtime.vocabulary
server.state server.routes.state
server.workers server.process
server.workers.front server.process.front
server.workers.front_app server.process.front_app
server.workers.many_processes server.process.several
server.workers.merged_metrics server.process.merged_metrics
server.workers.routing server.process.routing
server.workers.shared_secrets server.process.shared_secrets
server.workers.workers server.process.workers
speech.sentences speech.text.sentences
speech.speakable speech.text.speakable
speech.speakable_rules speech.text.speakable_rules
speech.spoken_numbers speech.text.spoken_numbers
"""
MODULES = {
    f"harness.{old}": f"harness.{new}" for old, new in map(str.split, _TABLE.strip().splitlines())
}
"""New names by old ones."""

SYMBOLS = {
    "harness.client.http_api.RealtimeRest": "harness.client.http_api.RealtimeHttpApi",
    "harness.clock.HandClock": "harness.testing.hand_clock.HandClock",
    "harness.clock.Timeline": "harness.timeline.Timeline",
    "harness.server.process.RunningServer": "harness.server.process.launch.RunningServer",
    "harness.server.process.start_server": "harness.server.process.launch.start_server",
}
"""Symbols that left their module or have another name, by their old full names."""


def install() -> None:
    """Let old modules be imported. Doing it twice changes nothing."""
    if not any(isinstance(finder, MovedModules) for finder in sys.meta_path):
        sys.meta_path.insert(0, MovedModules())


def symbol(module: str, name: str) -> object:
    """What a module's ``__getattr__`` gives for a symbol that has left it.

    Raises:
        AttributeError: it never was there.
    """
    new = SYMBOLS.get(f"{module}.{name}")
    if new is None:
        raise AttributeError(f"module “{module}” has no attribute “{name}”", name=name)
    _warn(f"{module}.{name}", new)
    home, _, new_name = new.rpartition(".")
    return getattr(importlib.import_module(home), new_name)


class MovedModules:
    """Finder and loader of old names: what is found is the very module of the new name."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """A spec for an old name of a module; None for any other name."""
        if name not in MODULES:
            return None
        return importlib.machinery.ModuleSpec(name, self)  # type: ignore[arg-type]

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> None:
        """Nothing: the usual module object is made."""

    def exec_module(self, module: ModuleType) -> None:
        """Warn, and put the module of the new name in the old one's place."""
        old = module.__name__
        _warn(old, MODULES[old])
        sys.modules[old] = importlib.import_module(MODULES[old])

    def get_code(self, name: str) -> Any:
        """For ``python -m``: the code under the new name."""
        _warn(name, MODULES[name])
        loader = getattr(importlib.util.find_spec(MODULES[name]), "loader", None)
        get_code = getattr(loader, "get_code", lambda _: None)
        return get_code(MODULES[name])


def _warn(old: str, new: str) -> None:
    warnings.warn(f"{old} is {new} now", DeprecationWarning, stacklevel=3)
