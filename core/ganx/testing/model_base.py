"""What the parts of the model contract share: settings, building, and the list of interfaces."""

from collections.abc import Sequence

import pytest
import torch

from ganx.contracts.interface import Interface
from ganx.contracts.networks import Networks
from ganx.contracts.specs import ExporterSpec, ModelSpec
from ganx.errors import ConfigError
from ganx.host import default_host
from ganx.testing.interfaces import INTERFACES, told
from ganx.testing.settings_contract import SettingsContract


class ModelBase(SettingsContract):
    """Builds the model under test; holds what a subclass may set."""

    spec: ModelSpec
    """The model under test."""

    interfaces: Sequence[Interface] = INTERFACES
    """What the model is tried with; those that it refuses with a ``ConfigError`` are skipped."""

    idle: Sequence[str] = ()
    """Parameters, such as ``discriminator.head.bias``, that no gradient reaches by design."""

    exporters: Sequence[ExporterSpec] | None = None
    """The formats that a trained generator must survive; None means all that are installed."""

    tolerance: float = 1e-5
    """The largest difference of a pixel between an exported file and the generator."""

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Run a test for each interface or format that it asks for."""
        if "interface" in metafunc.fixturenames:
            metafunc.parametrize("interface", self.interfaces, ids=told)
        if "conditional" in metafunc.fixturenames:
            metafunc.parametrize("conditional", (False, True), ids=("plain", "conditional"))
        if "exporter" in metafunc.fixturenames:
            formats = self.exporters
            if formats is None:
                formats = list(default_host().exporters.values())
            metafunc.parametrize("exporter", formats, ids=lambda one: one.name)

    @pytest.fixture
    def networks(self, interface: Interface) -> Networks:
        """Build the model for an interface, or skip one that it refuses."""
        try:
            return self.build(interface)
        except ConfigError as refusal:
            pytest.skip(f"refused: {refusal}")

    def build(self, interface: Interface, seed: int = 0) -> Networks:
        """Build the model as the engine does."""
        torch.manual_seed(seed)
        return self.spec.build(interface, self.settings())

    def first(self, *, conditional: bool) -> Interface:
        """Return the first interface with or without condition that the model takes, or skip."""
        for interface in self.interfaces:
            if bool(interface.condition.size) == conditional and self.accepts(interface):
                return interface
        pytest.skip(f"{self.spec.name} takes no condition" if conditional else "needs a condition")

    def accepts(self, interface: Interface) -> bool:
        """Tell whether the model can be built for an interface."""
        try:
            self.build(interface)
        except ConfigError:
            return False
        return True
