"""What is released: an sdist that has everything, the wheel that is built from it, and that wheel in a fresh environment."""

import subprocess
import sys
import tarfile
import zipfile

import pytest
from conftest import ROOT, Shell


def built(folder, kind, into):
    """The path of the sdist or wheel that the build backend makes of the source in ``folder``."""
    code = (
        f"import sys; from hatchling.build import build_{kind} as build; print(build(sys.argv[1]))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, str(into)],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return into / run.stdout.split()[-1]


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    """(the unpacked sdist, the wheel made of it)."""
    folder = tmp_path_factory.mktemp("package")
    with tarfile.open(built(ROOT, "sdist", folder)) as archive:
        archive.extraction_filter = getattr(tarfile, "data_filter", None)  # since 3.11.4
        archive.extractall(folder / "source")
    (source,) = (folder / "source").iterdir()
    return source, built(source, "wheel", folder)


@pytest.fixture(scope="module")
def installed(package, tmp_path_factory):
    """A shell whose plaintrack is the wheel in an environment of its own; what it depends on is borrowed from this one."""
    folder = tmp_path_factory.mktemp("installed")
    environment = folder / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    pip = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        environment / "bin/python",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
    ]
    subprocess.run([*pip, package[1]], check=True)
    (place,) = environment.glob("lib/python3*/site-packages")
    borrowed = next(path for path in sys.path if path.endswith("site-packages"))
    (place / "borrowed.pth").write_text(f"{borrowed}\n")

    class Installed(Shell):
        def __call__(self, *args, code=0):
            run = subprocess.run(
                [environment / "bin/plaintrack", *args],
                cwd=self.folder,
                env=self.env,
                capture_output=True,
                text=True,
                check=False,
            )
            assert run.returncode == code, run.stderr
            return run.stdout

    work = folder / "work"
    work.mkdir()
    shell = Installed(work)
    shell.python = environment / "bin/python"
    return shell


def test_the_sdist_has_what_the_tests_need(package):
    source, _ = package
    for path in (
        "tests/conftest.py",
        "tests/cases/adopt/beans/.beans.yml",
        "docs/files.md",
        "example-workspace/plaintrack.yml",
        "LICENSE",
    ):
        assert (source / path).read_bytes() == (ROOT / path).read_bytes()
    if not (ROOT / ".git").exists():
        pytest.skip("only git knows the list of files")
    kept = (
        subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
        .stdout.decode()
        .split("\0")
    )
    wanted = {
        path
        for path in kept
        if path.startswith(("src/", "templates/", "tests/", "docs/", "example-workspace/"))
        and (ROOT / path).exists()
    }
    assert wanted <= {str(path.relative_to(source)) for path in source.rglob("*")}


def test_the_wheel_has_the_code_the_templates_and_the_type_marker(package):
    names = set(zipfile.ZipFile(package[1]).namelist())
    assert "plaintrack/py.typed" in names
    for folder, inside in (
        ("src/plaintrack", "plaintrack"),
        ("templates", "plaintrack/_templates"),
    ):
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                assert f"{inside}/{path.relative_to(ROOT / folder)}" in names
    assert not any(name.startswith(("tests/", "docs/", "benchmarks/")) for name in names)


def test_the_wheel_works_in_a_fresh_environment(installed):
    code = "import plaintrack; print(plaintrack.__file__)"
    run = subprocess.run(
        [installed.python, "-I", "-c", code],
        cwd=installed.folder,
        capture_output=True,
        text=True,
        check=True,
    )
    assert str(installed.python.parents[1]) in run.stdout
    installed("init")
    assert "created: Crash on start" in installed("add", "--template", "bug", "Crash on start")
    assert "Crash on start" in installed("list")
    assert len(installed("add", "--template", "list").splitlines()) == len(
        list((ROOT / "templates/items").glob("*.md"))
    )
    installed(
        "add", "--template", "incident", "Down"
    )  # not among those that init writes: from inside the wheel
    assert installed("--version").split()[-1] in (ROOT / "src/plaintrack/__init__.py").read_text()
    assert (installed.python.parent / "pt").exists()
