"""Boxes that a page draws by itself: the input is hidden or covered, and people click its label."""

from __future__ import annotations

import time

from playwright.async_api import Locator, Position

LEAST_MS = 300

_SPOT = """box => {
    const labels = [...(box.labels ?? [])];
    const at = (x, y) => box.getRootNode().elementFromPoint(x, y);
    const other = "a[href], button, input, select, textarea, summary";
    (box.checkVisibility() ? box : labels[0])?.scrollIntoViewIfNeeded();
    const own = box.getBoundingClientRect();
    if (box.checkVisibility({ visibilityProperty: true }) && own.width > 1 && own.height > 1) {
        const hit = at(own.left + own.width / 2, own.top + own.height / 2);
        if (hit === box || !labels.some((label) => label.contains(hit))) return null;
    }
    for (const [index, label] of labels.entries()) {
        const all = label.getBoundingClientRect();
        for (const share of [0.5, 0.25, 0.75, 0.1, 0.9]) {
            const x = all.width * share, y = all.height / 2;
            const hit = at(all.left + x, all.top + y);
            const inside = hit?.closest(other);
            if (label.contains(hit) && (!inside || inside === box || inside.contains(label)))
                return { index, x, y };
        }
    }
    return null;
}"""
"""Where on which label of the box a click is for the box; null: the box itself is to be clicked.

A label may hold a link (“I agree to the terms”), which is another click.
"""


async def tick(located: Locator, wanted: bool, within_ms: float) -> None:
    """Tick a box, or untick it, as a user does: on its label where the box itself is not drawn.

    Args:
        located: a checkbox or a radio button.
        wanted: whether it is ticked then.
        within_ms: how long it may take.

    Raises:
        PlaywrightError: it is none, it cannot be clicked, or the click did not change it.
    """
    began_s = time.monotonic()
    if await located.is_checked(timeout=within_ms) == wanted:
        return
    spot = await located.evaluate(_SPOT, timeout=within_ms)
    if spot is not None:
        labels = await located.evaluate_handle("(box, index) => box.labels[index]", spot["index"])
        label = labels.as_element()
        if label is not None:
            position = Position(x=spot["x"], y=spot["y"])
            await label.click(position=position, timeout=_left_ms(began_s, within_ms))
    await located.set_checked(wanted, timeout=_left_ms(began_s, within_ms))


def _left_ms(began_s: float, within_ms: float) -> float:
    return max(within_ms - (time.monotonic() - began_s) * 1000, LEAST_MS)
