"""Who is the agent: by what is said, and where nobody can tell."""

from __future__ import annotations

from harness.replay.parties import both_on_one, parties_of, signs_in

AGENT = ["Good morning, thank you for calling the Harbour Inn, how can I help you?", "One moment."]
CALLER = ["Hello, I'd like to book a table for four on Friday.", "At seven, please."]


def test_the_usual_order_is_known() -> None:
    found = parties_of(CALLER, AGENT, "right")
    assert (found.user, found.is_known, found.why) == ("left", True, "")


def test_swapped_channels_are_found_and_told_with_the_words() -> None:
    found = parties_of(AGENT, CALLER, "left")
    assert (found.user, found.is_known) == ("right", True)
    assert "the left one says “how can i help” and “thank you for calling”" in found.why


def test_one_thing_that_only_agents_say_is_enough() -> None:
    """An agent that names its shop and asks says no more that is known."""
    agent = ["Brook Plumbing, how can I help you?", "Is the water still running?"]
    caller = ["My kitchen tap is leaking.", "No, I turned it off."]
    assert parties_of(agent, caller, "left").user == "right"
    assert parties_of(caller, agent, "right").is_known
    assert parties_of([*agent, "Are you still there?"], caller, "left").is_known
    assert not parties_of(["What can I do?"], ["You are welcome to wait."], None).is_known


def test_a_caller_alone_can_tell() -> None:
    found = parties_of(["Yes.", "Seven."], [*CALLER, "I need a parking space, too."], None)
    assert found.user == "right"
    assert "the right one says" in found.why


def test_where_nothing_tells_it_is_said_and_the_left_one_is_the_caller() -> None:
    found = parties_of(["Seven.", "Blue."], ["Eight.", "Green."], "left")
    assert (found.user, found.is_known) == ("left", False)
    assert "--user right" in found.why


def test_the_times_of_the_turns_tell_where_the_words_do_not() -> None:
    found = parties_of(["Seven."], ["Eight."], None, "The channels may be swapped: …")
    assert found.user == "right"
    assert "always after the same time" in found.why


def test_both_on_one_channel_are_found() -> None:
    why = both_on_one([AGENT[0], CALLER[0], "Certainly.", CALLER[1]])
    assert why is not None
    assert "as an agent does" in why


def test_a_caller_is_one_person() -> None:
    assert both_on_one([*CALLER, "Do you want the number of my card?", "That's all."]) is None
    assert both_on_one(AGENT) is None


def test_signs_are_counted_once() -> None:
    assert signs_in(["I'd like to go.", "I’d like to stay."]).caller == ("i'd like to",)
