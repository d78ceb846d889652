"""The host: what is found, in which order, and what is left out on request."""

from typing import Any

import pytest

from ganx.errors import PluginError
from ganx.host import PluginHost, default_host, load_plugins

OK = """
    import ganx
    from ganx.contracts.specs import NoConfig, ModelSpec

    @ganx.hookimpl
    def ganx_models():
        yield ModelSpec("ok-model", "Works", NoConfig, print, "ok-recipe")
"""
BROKEN = "raise RuntimeError('no such device')"


def names(host: PluginHost) -> list[str]:
    return [plugin.name for plugin in host.plugins]


def test_a_working_plugin_is_listed_with_its_origin_and_hooks(fakes: Any) -> None:
    fakes.add("ok", OK, version="2.5")
    (plugin,) = [one for one in load_plugins(allow=["ok"]).plugins if one.name == "ok"]
    assert (plugin.distribution, plugin.version) == ("fake-ok", "2.5")
    assert plugin.hooks == ("ganx_models",)


def test_it_has_no_problems_when_nothing_is_wrong(fakes: Any) -> None:
    fakes.add("ok", OK)
    assert load_plugins(allow=["ok"]).problems == ()


def test_the_allow_list_leaves_out_all_others(fakes: Any) -> None:
    fakes.add("ok", OK)
    fakes.add("broken", BROKEN)
    host = load_plugins(allow=["ok"])
    assert "ok" in names(host)
    assert "broken" in host.left_out
    assert host.problems == ()


def test_the_allow_list_cannot_leave_out_what_is_ganxs_own(fakes: Any) -> None:
    fakes.add("ok", OK)
    fakes.add("builtin-like", OK)
    fakes.add("builtin", OK, distribution="ganx", version="0.1.0")
    assert names(load_plugins(allow=["ok"])).count("builtin") == 1
    assert "builtin" in names(load_plugins(allow=["ok"]))


def test_a_blocked_plugin_is_not_even_imported(fakes: Any) -> None:
    fakes.add("broken", BROKEN)
    host = load_plugins(allow=["broken"], block=["broken"])
    assert host.problems == ()
    assert "broken" in host.left_out


def test_a_name_of_a_blocked_plugin_says_so(fakes: Any) -> None:
    fakes.add("ok-model", OK)
    host = load_plugins(block=["ok-model"])
    with pytest.raises(PluginError, match="'ok-model' is installed, but --block or GANX_PLUGINS"):
        host.models["ok-model"]


@pytest.mark.parametrize(
    ("settings", "where"),
    [({"allow": ["okk"]}, "GANX_PLUGINS"), ({"allow": [], "block": ["okk"]}, "--block")],
)
def test_an_unknown_name_in_a_list_is_a_problem(
    fakes: Any, settings: dict[str, Any], where: str
) -> None:
    fakes.add("ok", OK)
    (problem,) = load_plugins(**settings).problems
    assert problem.plugin == "okk"
    assert problem.what == f"is named by {where} but is not installed"
    assert "Did you mean 'ok'?" in problem.remedy
    assert "`ganx plugins` lists what is installed" in problem.remedy
    assert "pip install" not in problem.remedy


def test_strict_mode_lists_every_problem(fakes: Any) -> None:
    fakes.add("broken", BROKEN)
    fakes.add("worse", "import nothing_of_that_name")
    with pytest.raises(PluginError) as caught:
        load_plugins(allow=["broken", "worse"], strict=True)
    assert "Strict mode found 2 problems" in str(caught.value)
    assert "RuntimeError: no such device" in str(caught.value)
    assert "nothing_of_that_name" in str(caught.value)


def test_strict_mode_lets_a_faultless_house_pass(fakes: Any) -> None:
    fakes.add("ok", OK)
    assert "ok-model" in load_plugins(allow=["ok"], strict=True).models


def test_the_environment_sets_allow_list_and_strictness(
    fakes: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    fakes.add("ok", OK)
    fakes.add("broken", BROKEN)
    monkeypatch.setenv("GANX_PLUGINS", " ok , ")
    assert default_host().problems == ()
    monkeypatch.setenv("GANX_PLUGINS", "broken")
    monkeypatch.setenv("GANX_STRICT_PLUGINS", "1")
    with pytest.raises(PluginError, match="no such device"):
        default_host()


def test_the_default_host_is_loaded_once_for_the_same_settings(fakes: Any) -> None:
    fakes.add("ok", OK)
    assert default_host() is default_host()
    assert default_host(block=["ok"]) is not default_host()


def test_listing_plugins_imports_neither_torch_nor_numpy_nor_onnx(fakes: Any) -> None:
    fakes.add("ok", OK)
    code = (
        "import sys; from ganx.host import load_plugins; host = load_plugins();"
        "heavy = {'torch', 'numpy', 'onnx', 'onnxruntime', 'torchvision', 'PIL'};"
        "print('ok-model' in host.models, sorted(heavy & set(sys.modules)))"
    )
    result = fakes.run("-c", code)
    assert result.stdout == "True []\n", result.stderr
