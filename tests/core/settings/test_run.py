import pytest
from tiny import tiny_host

from ganx.errors import ConfigError
from ganx.settings.run import resolve

HOST = tiny_host()


def test_settings_lie_over_the_recipe_and_the_recipe_over_the_defaults() -> None:
    config = resolve(HOST, {"recipe": "tiny", "train": {"batch_size": 8}})

    assert config.train.batch_size == 8
    assert config.train.images == 96
    assert config.train.log_every == 10


def test_a_model_brings_its_default_recipe() -> None:
    assert resolve(HOST, {"model": {"name": "tiny"}}).recipe == "tiny"


def test_a_resolved_configuration_resolves_to_itself() -> None:
    config = resolve(HOST, {"recipe": "tiny", "model": {"width": 3}})

    assert resolve(HOST, config.to_settings()) == config


def test_a_schedule_without_a_horizon_gets_the_length_of_the_run_and_keeps_it() -> None:
    schedule = {"optimizer": {"generator": {"schedule": {"name": "cosine"}}}}
    config = resolve(HOST, {"recipe": "tiny", **schedule})
    assert config.optimizer["generator"].schedule.config.model_dump()["horizon"] == 96

    longer = config.to_settings()
    longer["train"]["images"] = 1000

    resumed = resolve(HOST, longer)
    assert resumed.optimizer["generator"].schedule.config.model_dump()["horizon"] == 96


def test_a_run_that_ends_within_its_warmup_has_its_decay_after_it() -> None:
    rise = {"name": "linear", "start": 60, "warmup": 100}
    config = resolve(HOST, {"recipe": "tiny", "optimizer": {"generator": {"schedule": rise}}})
    assert config.optimizer["generator"].schedule.config.model_dump()["horizon"] == 161


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"model": {"name": "tiny", "widht": 8}}, r"'model\.widht'.*'width'.*dropout"),
        ({"model": {"name": "tiny", "width": "wide"}}, r"'model\.width': give a whole"),
        ({"recipe": "tiny", "train": {"images": 0}}, r"'train\.images'.*greater than 0"),
        (
            {"recipe": "tiny", "train": {"precision": "int8"}},
            r"choose from auto, float32",
        ),
        (
            {"recipe": "tiny", "train": {"device": "gpu"}},
            r"'gpu' .*: give auto, cpu, cuda",
        ),
        ({"recipe": "tiny", "trian": {}}, r"'trian'.*'train'"),
        ({"recipe": "tiny", "model": 3}, r"'model' is a table"),
        ({"recipe": "tiny", "loss": {"sum": "bec"}}, r"'bec'.*'bce'"),
        ({"recipe": "tiny", "loss": {"terms": {"hinge": {}}}}, r"hinge"),
        ({"recipe": "tiny", "loss": {"terms": {"bce": {"real_target": 2}}}}, r"less than or equal"),
        ({"recipe": "tiny", "optimizer": {"generator": {"betas": [0.0, 1.5]}}}, r"betas.*less"),
        ({"recipe": "tiny", "optimizer": {"generator": {"lr": 1}}}, r"'optimizer\.generator\.lr'"),
        ({"recipe": "tiny", "train": {"accumulate": 3}}, r"batch_size 16 cannot be split"),
        ({}, r"Models: tiny.*model\.name"),
    ],
)
def test_a_wrong_setting_is_named_with_its_remedy(given: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        resolve(HOST, given)


def test_two_wrong_settings_are_both_named() -> None:
    with pytest.raises(ConfigError) as error:
        resolve(HOST, {"recipe": "tiny", "train": {"images": 0, "seed": -1}})

    assert "train.images" in str(error.value)
    assert "train.seed" in str(error.value)


def test_a_recipe_and_a_model_that_are_mixed_up_are_told_apart() -> None:
    host = tiny_host()
    host.recipes["only-a-recipe"] = host.recipes["tiny"]
    host.models["only-a-model"] = host.models["tiny"]

    with pytest.raises(ConfigError, match="is a recipe, not a model") as error:
        resolve(host, {"model": {"name": "only-a-recipe"}})
    assert error.value.remedy
    assert error.value.remedy.facts == {"recipe": "only-a-recipe"}
    with pytest.raises(ConfigError, match="is a model, not a recipe") as error:
        resolve(host, {"recipe": "only-a-model"})
    assert error.value.remedy
    assert error.value.remedy.facts == {"model": "only-a-model"}
