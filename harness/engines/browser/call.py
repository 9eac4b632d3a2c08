"""A call that a page holds."""

from __future__ import annotations

from harness.browser.voice_page import VoicePage
from harness.call.call import Call
from harness.engines.browser.line import PageLine


class BrowserCall(Call):
    """`Call`, with the page. Made by `open_call`."""

    line: PageLine

    @property
    def page(self) -> VoicePage:
        """The page of the call; Playwright's page is ``call.page.page``."""
        return self.line.page
