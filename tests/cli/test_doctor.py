from __future__ import annotations

from pathlib import Path

from tenure.cli.examination import Finding, examine
from tenure.home import Home


def levels(findings: list[Finding]) -> set[str]:
    return {finding.level for finding in findings}


def test_before_the_first_start_it_says_how_to_begin(tmp_path: Path) -> None:
    findings = list(examine(Home(tmp_path / "none")))
    assert findings[-1].mend is not None
    assert "tenure demo" in findings[-1].mend.en
    assert not (tmp_path / "none").exists()


def test_secrets_that_others_may_read_are_bad(tmp_path: Path) -> None:
    home = Home(tmp_path / "data").ensure()
    home.secret("vault")
    (home.secrets / "vault").chmod(0o644)
    (bad,) = [f for f in examine(home) if f.level == "bad" and "secret" in f.what.en]
    assert bad.mend is not None
    assert f"chmod go-rwx {home.secrets / 'vault'}" in bad.mend.en


def test_every_finding_that_is_not_good_says_how_to_mend_it(tmp_path: Path) -> None:
    for finding in examine(Home(tmp_path / "none")):
        assert (finding.mend is None) == (finding.level == "good")
