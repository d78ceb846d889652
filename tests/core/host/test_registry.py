import re
from collections.abc import Sequence

import pytest

from ganx.errors import GanxError, PluginError
from ganx.host.registry import Offer, ProviderInfo, Registry

ORIGIN = ProviderInfo("mynet", "ganx-mynet", "1.2")


OTHER = ProviderInfo("other", "other-net", "3")


def models(hint: str = "", **rivals: Sequence[Offer[int]]) -> Registry[int]:
    offers = {"sagan": [Offer(1, ORIGIN)], "dcgan": [Offer(2, ORIGIN)]}
    return Registry("model", {**offers, **rivals}, lambda _name: hint)


def contested(*providers: ProviderInfo) -> Registry[int]:
    return models(both=[Offer(number, one) for number, one in enumerate(providers)])


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
    rivals = [Offer(1, ORIGIN)]
    offers = {"a": rivals}
    registry = Registry("model", offers)
    offers["b"] = rivals
    rivals.append(Offer(2, OTHER))
    assert list(registry) == ["a"]


def test_an_ambiguous_name_is_refused_with_its_providers_and_the_ways_out() -> None:
    for look_up in (contested(ORIGIN, OTHER).__getitem__, contested(ORIGIN, OTHER).provider):
        with pytest.raises(PluginError) as caught:
            look_up("both")
        assert not isinstance(caught.value, KeyError)
        assert str(caught.value) == (
            "The model 'both' is ambiguous: 'mynet' (ganx-mynet 1.2) and 'other' (other-net 3) "
            "provide it. Leave out the one that you do not mean (`ganx --block ganx-mynet ...` or "
            "`ganx --block other-net ...`), or uninstall its distribution."
        )


def test_an_ambiguous_name_is_there_but_passed_over_by_iteration() -> None:
    registry = contested(ORIGIN, OTHER)
    assert "both" in registry
    assert dict(registry) == {"sagan": 1, "dcgan": 2}
    assert len(registry) == 2
    with pytest.raises(PluginError, match="ambiguous"):
        registry.get("both")
    with pytest.raises(PluginError, match="Did you mean 'both'"):
        registry["boht"]


@pytest.mark.parametrize(
    ("rivals", "blocks"),
    [
        ((("a", "one"), ("b", "one")), ["a", "b"]),
        ((("sagan", "ganx-sagan"), ("sagan", "sagan")), ["ganx-sagan"]),
        ((("sagan", "ganx-sagan"), ("x", "sagan")), ["ganx-sagan", "x"]),
        ((("a", "My_Net"), ("a", "other")), ["My_Net", "other"]),
        ((("a", ""), ("a", "")), []),
    ],
)
def test_only_a_name_that_leaves_out_one_of_them_is_advised(
    rivals: tuple[tuple[str, str], ...], blocks: list[str]
) -> None:
    with pytest.raises(PluginError) as caught:
        contested(*(ProviderInfo(*one, "1") for one in rivals))["both"]
    assert re.findall(r"--block (\S+) \.\.\.", str(caught.value)) == blocks
    assert "uninstall" in str(caught.value).lower()


def test_a_decision_settles_ambiguous_names_and_no_others() -> None:
    asked = []

    def decide(name: str, providers: Sequence[ProviderInfo]) -> ProviderInfo:
        asked.append((name, *providers))
        return OTHER

    decided = contested(ORIGIN, OTHER).decided(decide)
    assert (decided["both"], decided["sagan"]) == (1, 1)
    assert decided.provider("both") == OTHER
    assert asked == [("both", ORIGIN, OTHER)]


def test_a_name_without_a_decision_stays_ambiguous() -> None:
    with pytest.raises(PluginError, match="ambiguous"):
        contested(ORIGIN, OTHER).decided(lambda *_: None)["both"]
