from __future__ import annotations

from collections.abc import Callable

import pytest

from monitor.domain.errors import Misconfigured
from monitor.plugins import Plugins

GROUP = "comment_monitor_tests.greeters"


MODULES = {
    "guest_greeter": "def greet():\n    return 'hello'\n",
    "guest_of_kafka": "import faust.no_such_module\n",
    "guest_of_nobody": "import no_such_module_anywhere\n",
}
ENTRIES = {
    "plain": "guest_greeter:greet",
    "unnamed": "guest_greeter:no_such_function",
    "kafka": "guest_of_kafka:greet",
    "lonely": "guest_of_nobody:greet",
}


@pytest.fixture
def greeters(guest: Callable[..., None]) -> Plugins[Callable[[], str]]:
    guest(MODULES, GROUP, ENTRIES)
    return Plugins(GROUP, "greeter")


def test_what_is_installed_is_listed_without_importing_it(greeters: Plugins[Callable[[], str]]) -> None:
    assert greeters.names() == ("kafka", "lonely", "plain", "unnamed")


def test_a_plugin_is_loaded_by_its_name(greeters: Plugins[Callable[[], str]]) -> None:
    assert greeters.load("plain")() == "hello"


def test_a_plugin_says_which_package_brings_it(greeters: Plugins[Callable[[], str]]) -> None:
    assert greeters.origin("plain") == "guest-package"
    assert greeters.origin("nobody") == ""


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("plian", "there is no greeter 'plian'\n    hint: did you mean 'plain'?"),
        ("xyz", "there is no greeter 'xyz'\n    hint: there are: kafka, lonely, plain, unnamed"),
        ("kafka", "greeter 'kafka' needs more than the core: pip install 'comment-monitor[streams]'"),
        (
            "lonely",
            "greeter 'lonely' needs the Python module 'no_such_module_anywhere', which is not installed",
        ),
        ("unnamed", "greeter 'unnamed' (guest_greeter:no_such_function) cannot be loaded: "),
    ],
)
def test_what_cannot_be_loaded_says_why(
    greeters: Plugins[Callable[[], str]], name: str, message: str
) -> None:
    with pytest.raises(Misconfigured) as error:
        greeters.load(name)
    assert str(error.value).startswith(f"error: {message}")


@pytest.mark.parametrize("name", ["lonely", "unnamed"])
def test_what_cannot_be_loaded_says_whose_it_is(greeters: Plugins[Callable[[], str]], name: str) -> None:
    with pytest.raises(Misconfigured, match="hint: it comes with the package guest-package"):
        greeters.load(name)


def test_an_empty_group_says_so() -> None:
    with pytest.raises(Misconfigured, match="none is installed"):
        Plugins[object]("comment_monitor_tests.nothing", "thing").load("anything")
