"""A page's context: Playwright's names, and a mistake is told before anything starts."""

from pathlib import Path

import pytest

from harness.errors import ScenarioError
from harness.scenario.load import load_scenario

SCENARIO = "name: a\npage:\n  {}\nsteps:\n  - say: hello\n"


def written(folder: Path, option: str) -> Path:
    path = folder / "a.yaml"
    path.write_text(SCENARIO.format(option), encoding="utf-8")
    return path


def test_what_is_not_given_is_left_to_playwright(tmp_path: Path) -> None:
    page = load_scenario(written(tmp_path, "camera: false")).scenario.page
    assert page.context_options(tmp_path) == {}


def test_options_have_playwrights_names(tmp_path: Path) -> None:
    loaded = load_scenario(
        written(tmp_path, "{viewport: {width: 390, height: 844}, bypass_csp: false, locale: no}")
    )
    assert loaded.scenario.page.context_options(loaded.folder) == {
        "viewport": {"width": 390, "height": 844},
        "bypass_csp": False,
        "locale": "no",
    }


def test_a_saved_login_is_looked_up_beside_the_scenario(tmp_path: Path) -> None:
    (tmp_path / "kim.json").write_text('{"cookies": []}', encoding="utf-8")
    loaded = load_scenario(written(tmp_path, "storage_state: kim.json"))
    options = loaded.scenario.page.context_options(loaded.folder)
    assert options == {"storage_state": str(tmp_path / "kim.json")}


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("viewprt: {}", "did you mean “viewport”"),
        ("viewport: {width: 390, hieght: 844}", "did you mean “height”"),
        ("color_scheme: dork", "color_scheme: Input should be 'light', 'dark' or 'no-preference'"),
        ("geolocation: {latitude: 99, longitude: 0}", "latitude"),
        ("storage_state: kim.json", "kim.json: No such file"),
        ("timezone_id: Europe/Berln", "did you mean Europe/Berlin"),
        ("locale: de_DE", "one is written like de-DE"),
        ("permissions: [geolocation, notification]", "did you mean notifications"),
        ("cookies: [{name: a, value: b}]", "either `url`, or `domain` and `path`"),
        ("cookies: [{nmae: a}]", "did you mean “name”"),
        ("proxy: {sever: a}", "did you mean “server”"),
        ("http_credentials: {user: a}", "did you mean “username”"),
        ("extra_http_headers: {X Y: a}", "no name of a header"),
    ],
)
def test_a_mistake_names_its_line(option: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as caught:
        load_scenario(written(tmp_path, option))
    assert ":3:" in str(caught.value)
    assert said in str(caught.value)


def test_who_says_where_the_user_is_lets_the_page_ask_for_it(tmp_path: Path) -> None:
    where = "geolocation: {latitude: 52, longitude: 13}"
    page = load_scenario(written(tmp_path, where)).scenario.page
    assert page.context_options(tmp_path)["permissions"] == ["geolocation"]
    more = f"{{{where}, permissions: [notifications]}}"
    page = load_scenario(written(tmp_path, more)).scenario.page
    assert page.context_options(tmp_path)["permissions"] == ["geolocation", "notifications"]


def test_each_mistake_of_a_page_is_told_also_beside_one_on_a_step(tmp_path: Path) -> None:
    page = "{locale: de_DE, viewport: {width: 0, height: 1}, start: [{press: {key: Entr}}]}"
    with pytest.raises(ScenarioError) as caught:
        load_scenario(written(tmp_path, page))
    for said in ("page.locale", "page.viewport", "page.start.press.key"):
        assert said in str(caught.value)


def test_the_rest_goes_to_the_context_as_it_is_written(tmp_path: Path) -> None:
    page = (
        "{device: Pixel 7, has_touch: false, device_scale_factor: 2, reduced_motion: reduce, "
        "extra_http_headers: {X-Team: voice}, http_credentials: {username: kim, password: pass}, "
        "proxy: {server: 'http://p:1'}, cookies: [{name: a, value: b, url: 'http://h/'}]}"
    )
    loaded = load_scenario(written(tmp_path, page))
    assert loaded.scenario.page.context_options(loaded.folder) == {
        "device": "Pixel 7",
        "has_touch": False,
        "device_scale_factor": 2,
        "reduced_motion": "reduce",
        "extra_http_headers": {"X-Team": "voice"},
        "http_credentials": {"username": "kim", "password": "pass"},
        "proxy": {"server": "http://p:1"},
        "cookies": [{"name": "a", "value": "b", "url": "http://h/"}],
    }
