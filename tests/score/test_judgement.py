"""A judgement says its outcome in one word, and its evidence as data."""

from harness.score.judgement import Judgement
from tests.support.fake_witness import report


def test_the_outcome_follows_from_passed_and_doubt() -> None:
    assert Judgement("words", "t", True, "e").verdict == "passed"
    assert Judgement("words", "t", False, "e").verdict == "failed"
    doubtful = Judgement("words", "t", False, "e", in_doubt=True)
    assert (doubtful.outcome, doubtful.verdict) == ("cannot_tell", "cannot_tell")


def test_the_evidence_is_a_sentence_or_with_ears_an_object() -> None:
    assert Judgement("event", "t", True, "it came").facts() == "it came"
    judged = Judgement(
        "words", "t", True, "heard", ears=(report("go on", 0.8),), start_s=1.0, end_s=2.0
    )
    assert judged.facts() == {
        "text": "heard",
        "start_s": 1.0,
        "end_s": 2.0,
        "ears": [{"ear": "ear", "text": "go on", "least_sure": 0.8}],
    }
