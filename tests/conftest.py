"""Fixtures: the issued templates of the example's cycle, the example as merged, LibreOffice."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

from crmxl.cycle import MergeResult, consolidate, issue
from tests.bench import AS_OF, CANONICAL, CYCLE, DEADLINE, EXAMPLES, PLAN, REGISTERED, REGISTERS, Bench
from tests.typing_macro import typed

settings.register_profile(
    "crmxl",
    phases=(Phase.explicit, Phase.generate) if os.environ.get("CRMXL_NO_SHRINK") else tuple(Phase),
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("crmxl")


@pytest.fixture(autouse=True)
def spanish(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRMXL_LANG", "es")


@pytest.fixture(scope="session")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return Bench.make(PLAN, tmp_path_factory.mktemp("bench"))


@pytest.fixture(scope="session")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the issued templates of the example's cycle."""
    folder = tmp_path_factory.mktemp("emitidos")
    issue(CANONICAL, CYCLE, DEADLINE, folder)
    return folder


@pytest.fixture(scope="session")
def example(issued: Path, tmp_path_factory: pytest.TempPathFactory) -> MergeResult:
    """The example cycle, merged."""
    target = tmp_path_factory.mktemp("example") / "consolidado.xlsx"
    return consolidate(CANONICAL, [EXAMPLES], target, AS_OF, issued=issued)


@pytest.fixture(scope="session")
def registers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the example's other registers: templates in `emitidos`, `consolidado.xlsx`."""
    folder = tmp_path_factory.mktemp("registros")
    issue([REGISTERS], CYCLE, DEADLINE, folder / "emitidos")
    consolidate([REGISTERS], [REGISTERED], folder / "consolidado.xlsx", AS_OF, issued=folder / "emitidos")
    return folder


RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
"""The settings of a LibreOffice that works out every formula when it opens a workbook; left alone it keeps what is
saved."""


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """LibreOffice and a profile of its own in which it recalculates what it opens."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice (soffice) is not installed; .ci/run installs it")
    profile = tmp_path_factory.mktemp("profile")
    (profile / "user").mkdir()
    (profile / "user" / "registrymodifications.xcu").write_text(RECALCULATE, encoding="utf-8")
    return program, profile


@pytest.fixture(scope="session")
def type_in(
    office: tuple[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[Path, Mapping[tuple[str, str], str]], Path]:
    """Type texts into the cells of a workbook with LibreOffice; the path of the workbook that it saves."""

    def typing(path: Path, cells: Mapping[tuple[str, str], str]) -> Path:
        after = tmp_path_factory.mktemp("typed") / path.name
        typed(*office, path, after, cells)
        return after

    return typing


@pytest.fixture(scope="session")
def soffice(office: tuple[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path, str], Path]:
    """Convert a file with LibreOffice, which recalculates it; the path of what it made."""
    program, profile = office

    def convert(path: Path, to: str) -> Path:
        folder = tmp_path_factory.mktemp("converted")
        subprocess.run(
            [
                program,
                "--headless",
                f"-env:UserInstallation=file://{profile}",
                "--convert-to",
                to,
                "--outdir",
                folder,
                path,
            ],
            check=True,
            capture_output=True,
            timeout=180,
        )
        return folder / f"{path.stem}.{to.split(':')[0]}"

    return convert
