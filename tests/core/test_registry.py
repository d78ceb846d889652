import pytest

from ganx.errors import GanxError, PluginError
from ganx.host.registry import ProviderInfo, Registry

ORIGIN = ProviderInfo("mynet", "ganx-mynet", "1.2")


def models(hint: str = "") -> Registry[int]:
    specs = {"sagan": 1, "dcgan": 2}
    return Registry("model", specs, dict.fromkeys(specs, ORIGIN), lambda _name: hint)


def test_it_is_a_mapping_in_the_order_of_loading() -> None:
    assert dict(models()) == {"sagan": 1, "dcgan": 2}
    assert len(models()) == 2


def test_membership_and_get_treat_an_unknown_name_as_absent() -> None:
    assert "sagan" in models()
    assert "sagam" not in models()
    assert models().get("sagam") is None


def test_an_unknown_name_tells_the_choices_the_nearest_and_the_way_to_more() -> None:
    with pytest.raises(PluginError) as caught:
        models()["sagam"]
    assert str(caught.value) == (
        "Unknown model 'sagam'. Did you mean 'sagan'? Available: dcgan, sagan. "
        "A plugin may provide more; `ganx plugins` lists what is installed."
    )


def test_what_is_known_about_a_missing_name_replaces_the_general_advice() -> None:
    with pytest.raises(GanxError, match=r"Available: dcgan, sagan\. It failed to load\.$"):
        models("It failed to load.")["mynet"]


def test_it_tells_who_provides_a_name() -> None:
    assert models().provider("sagan") == ORIGIN
    assert str(ORIGIN) == "'mynet' (ganx-mynet 1.2)"


def test_nobody_provides_an_unknown_name() -> None:
    with pytest.raises(PluginError, match="Unknown model 'x'"):
        models().provider("x")


def test_it_cannot_be_changed() -> None:
    with pytest.raises(TypeError, match="item assignment"):
        models()["x"] = 3  # type: ignore[index] - that is what is tested


def test_later_changes_of_what_it_was_made_from_do_not_reach_it() -> None:
    specs = {"a": 1}
    registry = Registry("model", specs, {"a": ORIGIN})
    specs["b"] = 2
    assert list(registry) == ["a"]
