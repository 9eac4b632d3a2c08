"""Personas: who calls, what they want, what they know and how they speak; as data."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationError, field_validator

from harness.all_mistakes import as_one, expected_of, told_problems
from harness.errors import ScenarioError
from harness.line.noise import NoiseWish
from harness.paths import StrPath, near_names
from harness.personas.languages import ENGLISH, NAMES, name_of, tag_of
from harness.plain_data import Data
from harness.yaml_file import YamlFile, read_yaml

Some = Annotated[str, Field(min_length=1)]
DONE, GIVE_UP = "[done]", "[give up]"


class Persona(Data):
    """A person who calls."""

    goal: Some = Field(description="what they want; when it is reached they say goodbye")
    facts: dict[str, str | int | float] = Field(
        default_factory=dict, description="all that they know of themselves; nothing is made up"
    )
    manner: str = Field(default="", description="how they speak: in a hurry, politely, vaguely")
    language: Some | None = Field(
        default=None, description="what they speak, as `German` or `de`; English where absent"
    )
    voice: Some | None = Field(
        default=None, description="who speaks for them, as in a `say`: fable; as there where absent"
    )
    noise: NoiseWish | None = Field(
        default=None, description="what sounds behind them, as in a scenario: cafe"
    )
    waits: bool = Field(default=False, description="whether the other side speaks first")
    at_most: Annotated[int, Field(ge=1, le=50)] = Field(
        default=12, description="so often they speak; what is not reached then is not reached"
    )
    seed: int = Field(default=0, description="given to the model: another one, another talk")

    @field_validator("language")
    @classmethod
    def _check_language(cls, language: str | None) -> str | None:
        if language is not None and tag_of(language) is None:
            near = near_names(language.title(), NAMES.values(), count=1)
            meant = f"did you mean {near[0]}? " if near else ""
            raise ValueError(
                f"a language by its name, as {ENGLISH} or German, or its tag, as de or pt-BR: "
                f"{meant}any language has a tag"
            )
        return language

    @property
    def language_tag(self) -> str | None:
        """The language as voices know it; None: they are not asked for one."""
        return None if self.language is None else tag_of(self.language)


def read_persona(path: StrPath) -> Persona:
    """Read a persona's file.

    Raises:
        ScenarioError: it cannot be read, or is none; says file, line and what was expected.
    """
    file = read_yaml(Path(path), "persona", "goal")
    try:
        persona = Persona.model_validate(file.data)
    except ValidationError as error:
        problems = told_problems(error.errors(include_url=False))
        raise as_one([_mistake(file, problem) for problem in problems]) from None
    if persona.noise is None or persona.noise.file is None:
        return persona
    noise = persona.noise.model_copy(update={"file": str(Path(path).parent / persona.noise.file)})
    return persona.model_copy(update={"noise": noise})


def _mistake(file: YamlFile, problem: Any) -> ScenarioError:
    key = ".".join(map(str, problem["loc"])) or "the file"
    close = difflib.get_close_matches(key, Persona.model_fields, n=1)
    is_unknown = problem["type"] == "extra_forbidden"
    return ScenarioError(
        f"{file.place(problem['loc'])}: this is no persona.",
        expected=f"one of {', '.join(Persona.model_fields)}" if is_unknown else _expected(problem),
        found=key if is_unknown else f"{key}: {problem['input']!r}",
        hint=f"did you mean “{close[0]}”?" if is_unknown and close else None,
    )


def _expected(problem: Any) -> str:
    """What should stand there, in the words of a file."""
    told = expected_of(problem, list(Persona.model_fields))
    return told or str(problem["msg"]).removeprefix("Value error, ")


def instructions_for(persona: Persona) -> str:
    """What the model is told about whom it speaks for."""
    facts = "\n".join(f"- {name}: {value}" for name, value in persona.facts.items())
    parts = [
        "You are a person who is on the telephone. You are not an assistant, and you never help.",
        f"What you want: {persona.goal}",
        f"All that you know of yourself:\n{facts}" if facts else "",
        "Where you are asked for something else, say that you do not know it.",
        f"How you speak: {persona.manner}" if persona.manner else "",
        f"Speak {name_of(persona.language or ENGLISH)}. Write only the words that you say now, one "
        "or two short sentences, numbers as words, no stage directions.",
        f"When you have what you want, say goodbye and write {DONE} behind it. When it cannot be "
        f"had, say goodbye and write {GIVE_UP} behind it.",
    ]
    return "\n".join(part for part in parts if part)
