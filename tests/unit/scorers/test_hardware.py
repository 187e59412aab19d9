from __future__ import annotations

from pathlib import Path

import pytest

from monitor.scorers.hardware import multiplies_bf16, read_cpuinfo

CPUINFO = "processor\t: 0\nvendor_id\t: GenuineIntel\nflags\t\t: fpu vme avx512f{} lahf_lm\n"


@pytest.mark.parametrize(
    ("flag", "expected"),
    [(" avx512_bf16", True), (" amx_tile amx_bf16", True), (" avx512_fp16", False), ("", False)],
)
def test_the_flags_tell_whether_bfloat16_is_multiplied(flag: str, expected: object) -> None:
    assert expected is multiplies_bf16(CPUINFO.format(flag))


def test_a_processor_that_says_nothing_multiplies_none(tmp_path: Path) -> None:
    assert not multiplies_bf16(read_cpuinfo(tmp_path / "missing"))
