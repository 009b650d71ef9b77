"""The server of docs/portfolio.md: the compose file and the plain commands say the same, and a server takes their settings."""

import re
import shlex
from pathlib import Path

import yaml

PAGE = (Path(__file__).parents[3] / "docs/portfolio.md").read_text("utf-8")


def _compose():
    blocks = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    return next(found for found in map(yaml.safe_load, blocks) if "services" in found)


def _plain():
    """The words of each plain command, after `sudo -u postgres`."""
    block = next(
        each for each in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) if "createdb" in each
    )
    return [shlex.split(line)[3:] for line in block.splitlines() if "-u postgres" in line]


def _altered():
    """The settings of the plain commands, as SQL."""
    words = next(each for each in _plain() if each[0] == "psql")
    return [text for flag, text in zip(words[1::2], words[2::2], strict=True) if flag == "-c"]


def test_both_ways_make_the_same_server():
    compose = _compose()
    db = compose["services"]["db"]
    made = {name: rest for name, *rest in _plain()}
    assert made["createuser"][0] == db["environment"]["POSTGRES_USER"]
    assert made["createdb"][:3] == [
        db["environment"]["POSTGRES_DB"],
        "--owner",
        made["createuser"][0],
    ]
    program, *options = db["command"]
    assert program == "postgres"
    assert options[::2] == ["-c"] * len(_altered())
    told = [re.fullmatch(r"ALTER SYSTEM SET (\w+) = '(\w+)'", each) for each in _altered()]
    assert options[1::2] == [f"{each[1]}={each[2]}" for each in told]
    assert set(db["secrets"]) == set(compose["secrets"])
    assert [each.partition(":")[0] for each in db["volumes"]] == [*compose["volumes"]]
    assert db["environment"]["POSTGRES_PASSWORD_FILE"] == f"/run/secrets/{db['secrets'][0]}"
    assert int(db["image"].partition(":")[2]) >= 15


def test_a_server_takes_the_settings(server):
    import psycopg

    with psycopg.connect(server.url(), autocommit=True) as connection:
        try:
            for statement in _altered():
                connection.execute(statement)
        finally:
            connection.execute("ALTER SYSTEM RESET ALL")
