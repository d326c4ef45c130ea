"""The command line as its users meet it: right files, wrong files, odd terminals."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from ipcredit import cli
from ipcredit.cli_options import group_app
from ipcredit.console import asked_lang, default_lang
from ipcredit.resources import config_dir

EXAMPLE = config_dir() / "examples" / "firms" / "chongqing-maker.toml"
DAY = ("--on", "2026-06-30")
KNOWN = ", ".join(sorted(p.name for p in (config_dir() / "policies").iterdir()))


@pytest.fixture
def run(monkeypatch, capsys):
    """Run one command line in this process: exit code, standard output, standard error."""
    monkeypatch.setenv("LC_ALL", "C")

    def one(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["ipcredit", *map(str, words)])
        with pytest.raises(SystemExit) as end:
            cli.main()
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return int(end.value.code), out, err

    return one


def program(*words: object, **given: object) -> subprocess.CompletedProcess[bytes]:
    """Run the whole program as a process of its own."""
    env = {**os.environ, "LC_ALL": "C.UTF-8", **given.pop("env", {})}
    command = [sys.executable, "-m", "ipcredit", *map(str, words)]
    return subprocess.run(command, capture_output=True, env=env, check=False, **given)


def changed(tmp_path: Path, *changes: tuple[str, str], name: str = "firm.toml") -> Path:
    text = EXAMPLE.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


REFUSED = ("dishonest_list = false", "dishonest_list = true")
INCOMPLETE = ('sales = "4,260 万元"\n', "")
INVALID = ("sci_tech_staff = 24", "sci_tech_staff = 240")

HEADER = "name,staff_total,sci_tech_staff,sales_fen,dishonest_list\n"


def batch(tmp_path: Path, rows: str, name: str = "firms.csv", encoding: str = "utf-8") -> Path:
    path = tmp_path / name
    path.write_text(HEADER + rows, encoding=encoding)
    return path


# -- what is done ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "code", "en", "zh"),
    [
        ((), 0, "Result                       eligible", "结论                  符合"),
        ((REFUSED,), 0, "Result                       refused", "结论                  不符合"),
        (
            (INCOMPLETE,),
            1,
            "Result                       incomplete",
            "结论                  资料不全",
        ),
        ((INVALID,), 1, "Result  invalid", "结论  数据有误"),
    ],
)
def test_one_firm_in_both_languages(run, tmp_path, changes, code, en, zh):
    path = changed(tmp_path, *changes)
    for lang, words in (("en", [en]), ("zh", [zh]), ("both", [zh, en])):
        found, out, err = run("score", path, *DAY, "--lang", lang)
        assert (found, err) == (code, "")
        assert all(f"  {word}" in out for word in words)


def test_every_form_of_firm_file_gives_the_same_answer(run, tmp_path, monkeypatch):
    from ipcredit import Firm
    from ipcredit.template import write_xlsx

    firm = Firm.read(EXAMPLE)
    data = firm.to_dict(redact=False)
    as_json = tmp_path / "firm.json"
    as_json.write_text(json.dumps(data), encoding="utf-8")
    as_csv = tmp_path / "firm.csv"
    flat = {k: str(v).lower() if isinstance(v, bool) else v for k, v in data.items()}
    with as_csv.open("w", encoding="gb18030", newline="") as stream:
        csv.writer(stream).writerows([flat.keys(), flat.values()])
    as_rows = tmp_path / "upright.csv"
    with as_rows.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows([("field", "value"), *flat.items()])
    write_xlsx(tmp_path / "empty.xlsx")
    expected = run("score", EXAMPLE, *DAY)
    assert expected[0] == 0
    for path in (as_json, as_csv, as_rows):
        assert run("score", path, *DAY) == expected
    for path in (EXAMPLE, as_json):
        stream = io.TextIOWrapper(io.BytesIO(path.read_bytes()), encoding="utf-8")
        monkeypatch.setattr(sys, "stdin", stream)
        assert run("score", "-", *DAY) == expected
    code, out, _ = run("score", tmp_path / "empty.xlsx", *DAY)
    assert code == 1
    assert "incomplete" in out


def test_a_result_is_written_in_the_form_of_the_suffix(run, tmp_path):
    for suffix, begins in (
        (".json", '{\n  "format"'),
        (".txt", "示例智造"),
        (".csv", "\ufeffrow,"),
    ):
        path = tmp_path / f"result{suffix}"
        code, out, err = run("score", EXAMPLE, *DAY, "--out", path)
        assert (code, out, err) == (0, f"written: {path}\neligible\n", "")
        assert path.read_text(encoding="utf-8").startswith(begins)
    code, _, _ = run("score", EXAMPLE, *DAY, "--out", tmp_path / "a.dat", "--format", "json")
    assert code == 0
    assert json.loads((tmp_path / "a.dat").read_text(encoding="utf-8"))["status"] == "eligible"


def test_a_policy_file_and_a_change(run, tmp_path):
    path = tmp_path / "mine.toml"
    source = config_dir() / "policies" / "chongqing-knowledge" / "2023.toml"
    path.write_bytes(source.read_bytes())
    change = ("--set", "line.tiers.A.amount=450 万元", "--set", "tiers.A.at_least=86")
    code, out, _ = run("score", EXAMPLE, *DAY, "--policy", path, *change)
    assert code == 0
    assert "Changed by the user: line.tiers.A.amount: 500 万元 → 450 万元\n" in out
    assert "Changed by the user: tiers.A.at_least: 85 → 86\n" in out
    assert "Line of tier A: CNY 4.5 million [changed]" in out
    assert "* Values of the policy changed by the user: 2." in out


def test_explain_names_what_a_tier_needs(run, tmp_path):
    path = changed(
        tmp_path, ('"specialised"', '"none"'), ("certificate = true", "certificate = false")
    )
    code, out, _ = run("explain", path, *DAY, "--tier", "A")
    assert code == 0
    assert (
        "What would reach tier A (any one of these, all else equal)\n"
        "  - R&D expense: CNY 385,000 more (to CNY 3 million)\n"
        "  - Class I rights related to the main product: 2 more (to 4)\n"
    ) in out
    assert "Tier B is reached already." in run("explain", path, *DAY, "--tier", "B")[1]
    refused = changed(tmp_path, REFUSED, name="refused.toml")
    assert "Tier A is not reached by raising" in run("explain", refused, *DAY, "--tier", "A")[1]
    open_ = changed(tmp_path, INCOMPLETE, name="open.toml")
    code, out, _ = run("explain", open_, *DAY, "--tier", "A")
    assert code == 1
    assert "cannot be said before the data are complete" in out


def test_a_batch_loses_no_row(run, tmp_path):
    rows = (
        "好企业,100,30,1000000000,false\n=1+1,501,1,,\n缺数据,100,,,\n坏数据,10,20,1,false\n"
        "坏单元格,abc,1,1,maybe\n"
    )
    path, out_path = batch(tmp_path, rows), tmp_path / "lines.csv"
    code, out, err = run("score", path, *DAY, "--policy", "cn-tech-sme@2017", "--out", out_path)
    assert (code, err) == (1, "")
    assert out == (
        f"written: {out_path}\nfirms: 5; eligible 0, refused 1, incomplete 2, invalid 2\n"
    )
    with out_path.open(encoding="utf-8-sig", newline="") as stream:
        found = list(csv.DictReader(stream))
    assert [row["name"] for row in found] == ["好企业", "'=1+1", "缺数据", "坏数据", "坏单元格"]
    assert [row["status"] for row in found] == [
        "incomplete", "refused", "incomplete", "invalid", "invalid",
    ]  # fmt: skip
    assert found[1]["reasons"] == "At most 500 staff: not met (Staff: 501; required: ≤ 500)"
    assert "20 is more than staff_total" in found[3]["reasons"]
    assert found[4]["reasons"].count("[firm.") == 2
    assert "staff_total" not in found[0]["missing"].split("; ")
    assert all(row["reasons"] for row in found)


def test_a_batch_on_the_screen(run, tmp_path):
    path = batch(tmp_path, "甲公司,100,30,1,true\n乙公司,10,20,1,false\n")
    code, out, _ = run("score", path, *DAY, "--lang", "zh", "--policy", "cn-tech-sme@2017")
    assert code == 1
    lines = out.splitlines()
    assert lines[0].split() == ["序号", "企业名称", "结论", "得分"]
    assert lines[1].split() == ["1", "甲公司", "不符合", "-"]
    assert "未列入严重违法失信企业名单：不满足" in lines[2]
    assert lines[-1] == "共 2 户：符合 0，不符合 1，资料不全 0，数据有误 1"
    both = run("score", path, *DAY, "--lang", "both", "--policy", "cn-tech-sme@2017")[1]
    assert "序号" in both
    assert "Row" in both
    code, out, err = run("score", path, *DAY, "--format", "csv", "--policy", "cn-tech-sme@2017")
    assert code == 1
    assert out.startswith("row,name,uscc,status,tier,total_points,reasons,missing\r\n")
    assert err.startswith("firms: 2;")


def test_a_batch_as_json_is_a_list_that_verifies(run, tmp_path):
    path = batch(tmp_path, "甲公司,100,30,1,true\n乙公司,10,20,1,false\n")
    out_path = tmp_path / "lines.json"
    assert run("score", path, *DAY, "--out", out_path)[0] == 1
    assert [one["status"] for one in json.loads(out_path.read_text("utf-8"))] == [
        "refused", "invalid",
    ]  # fmt: skip
    code, out, err = run("verify", out_path)
    assert (code, err) == (1, "")
    assert "Result 1 of 2: 甲公司\n" in out
    assert "It recomputes: the same result.\n" in out
    assert "Result 2 of 2: 乙公司\nstatus: the firm's data were invalid" in out


def test_gb18030(run, tmp_path):
    path = batch(tmp_path, "重庆某公司,501,1,1,false\n", encoding="gb18030")
    code, out, _ = run("score", path, *DAY, "--policy", "cn-tech-sme@2017", "--lang", "zh")
    assert code == 0
    assert out.startswith("重庆某公司\n")


def test_verify(run, tmp_path):
    saved = tmp_path / "result.json"
    assert run("score", EXAMPLE, *DAY, "--out", saved)[0] == 0
    assert run("verify", saved) == (
        0,
        "Made by ipcredit 0.1.0; policy chongqing-knowledge@2023; as of 2026-06-30\n"
        "It recomputes: the same result.\nIts policy is the shipped edition.\n",
        "",
    )
    result = json.loads(saved.read_text("utf-8"))
    result["tier"] = "E"
    saved.write_text(json.dumps(result), encoding="utf-8")
    code, out, _ = run("verify", saved, "--lang", "zh")
    assert code == 1
    assert '重算不一致。差异如下：\n  - tier：保存的为 "E"，重算为 "A"\n' in out
    result["policy"]["content"]["tiers"]["A"]["at_least"] = "x"
    saved.write_text(json.dumps(result), encoding="utf-8")
    code, out, _ = run("verify", saved)
    assert code == 1
    assert "The policy in the result is not valid" in out
    assert "tiers.A.at_least" in out


def test_the_other_commands(run, tmp_path):
    assert run("--version") == (0, "ipcredit 0.1.0\n", "")
    code, out, _ = run("template", "--out", tmp_path / "firm.toml")
    assert (code, out) == (0, "")
    assert run("score", tmp_path / "firm.toml", *DAY)[0] == 1
    assert run("template", "--out", tmp_path / "firm.xlsx")[0] == 0
    code, out, _ = run("population", "--n", "3", "--out", tmp_path / "firms.csv")
    assert (code, out) == (0, "")
    assert run("score", tmp_path / "firms.csv", *DAY)[0] == 0
    code, out, _ = run("population", "--n", "2", "--seed", "1", "--missing", "0.5")
    assert (code, len(out.splitlines())) == (0, 3)
    assert run("policy", "list")[0] == 0
    assert run("policy", "show", "cn-tech-sme", "--lang", "zh")[1].startswith("科技型中小企业评价")
    code, out, _ = run("policy", "compare", "chongqing-knowledge", "chongqing-knowledge@2023")
    assert (code, "The two policies say the same." in out) == (0, True)
    policy = config_dir() / "policies" / "cn-tech-sme" / "2017.toml"
    assert run("policy", "check", policy)[0] == 0


def test_cases_on_the_command_line(run, tmp_path):
    policy = config_dir() / "policies" / "cn-tech-sme" / "2017.toml"
    cases = tmp_path / "cases.toml"
    text = (
        'policy = "cn-tech-sme@2017"\non = 2026-06-30\n[firm]\nstaff_total = 501\n'
        '[[case]]\nname = "too many"\nexpect = { status = "refused" }\nwhy = "size"\n'
        'source = "115"\n'
    )
    cases.write_text(text, encoding="utf-8")
    code, out, _ = run("policy", "check", policy, "--cases", cases)
    assert (code, out.splitlines()[-1]) == (0, "cases that hold: 1; that do not: 0")
    cases.write_text(text.replace('"refused"', '"eligible"'), encoding="utf-8")
    code, out, _ = run("policy", "check", policy, "--cases", cases)
    assert (code, out.splitlines()[-1]) == (1, "cases that hold: 0; that do not: 1")


def test_every_scheme_at_once(run):
    code, out, _ = run("score", EXAMPLE, *DAY, "--policy", "all")
    assert code == 0
    assert "chongqing-knowledge@2023" in out
    code, out, _ = run("score", EXAMPLE, *DAY, "--policy", "all", "--format", "json")
    assert {one["id"] for one in json.loads(out)} == set(KNOWN.split(", "))


# -- what is foreseen to fail ---------------------------------------------------------------------

SEE = "see `ipcredit score --help`"
SEE_ZH = "用法见 `ipcredit score --help`"
NOT_WRITTEN = (
    "a file in a folder that exists and may be written to is needed; check the path "
    "[file.unwritable]"
)

FAILURES = {
    "no firm": (
        ("score",), 2,
        f"FIRM: not given; it is needed; {SEE} [cli.missing]",
        f"FIRM: 未提供；此项必填；{SEE_ZH} [cli.missing]",
    ),
    "no such option": (
        ("score", EXAMPLE, "--foo"), 2,
        "--foo: no such option; allowed are --exported, --format, --lang, --map, --on, --out, --owner, --patents, "
        f"--policy, --rates, --set; {SEE} [cli.no-option]",
        "--foo: 没有此选项；可用 --exported, --format, --lang, --map, --on, --out, --owner, --patents, "
        "--policy, --rates, --set；"
        f"{SEE_ZH} [cli.no-option]",
    ),
    "no such command": (
        ("scor",), 2,
        'no such command "scor"; allowed are score, explain, patents, verify, template, population, policy, fund; '
        "see `ipcredit --help` [cli.no-command]",
        "没有命令“scor”；可用 score, explain, patents, verify, template, population, policy, fund；"
        "用法见 `ipcredit --help` [cli.no-command]",
    ),
    "an unknown form": (
        ("score", EXAMPLE, "--format", "xml"), 2,
        "--format: the value is not known; allowed are text, json, csv; choose one [cli.choice]",
        "--format: 无法识别的取值；可用 text, json, csv；请选一个 [cli.choice]",
    ),
    "a value without quotes": (
        ("score", EXAMPLE, "--set", "line.tiers.B.amount=450", "万元"), 2,
        '"万元" is one word too many; write one value for each option, with quotes around a value '
        f'that holds blanks, as in "450 万元"; {SEE} [cli.extra]',
        "“万元”多余；每个选项一个数值，数值含空格时加引号，如 \"450 万元\"；"
        f"{SEE_ZH} [cli.extra]",
    ),
    "an option without its value": (
        ("score", EXAMPLE, "--set"), 2,
        "--set: no value follows; write --set VALUE, with quotes around a value that holds blanks "
        "[cli.no-value]",
        "--set: 其后没有数值；请写成 --set 数值，数值含空格时加引号 [cli.no-value]",
    ),
    "a row below the first": (
        ("explain", EXAMPLE, "--row", "0"), 2,
        "--row: the value is not allowed; a whole number of 1 or more is needed; correct it "
        "[cli.whole-from]",
        "--row: 取值无效；须为不小于 1 的整数；请改正 [cli.whole-from]",
    ),
    "a row past the last": (
        ("explain", EXAMPLE, "--row", "99999999999999999999"), 2,
        "--row: there is no row 99999999999999999999; the table has 1; choose one of them [cli.row]",
        "--row: 没有第 99999999999999999999 户；表中共 1 户；请改正 [cli.row]",
    ),
    "a share that is no number": (
        ("population", "--missing", "x"), 2,
        "--missing: the value is not a number; a number is needed, as in 0.05; correct it "
        "[cli.number]",
        "--missing: 取值不是数字；须为数字，如 0.05；请改正 [cli.number]",
    ),
    "too many firms": (
        ("population", "--n", "100000000000"), 2,
        'n: "100000000000" is out of range; allowed is 0 to 10000000; choose a number in between '
        "[population.range]",
        None,
    ),
    "an odd date": (
        ("score", EXAMPLE, "--on", "2026-13-01"), 2,
        '--on: "2026-13-01" is not a date; allowed is YYYY-MM-DD; write it as 2026-06-30 [cli.date]',
        "--on: “2026-13-01”不是日期；须为 年-月-日；请写成 2026-06-30 [cli.date]",
    ),
    "another way to write a date": (
        ("score", EXAMPLE, "--on", "20260630"), 2,
        '--on: "20260630" is not a date; allowed is YYYY-MM-DD; write it as 2026-06-30 [cli.date]',
        None,
    ),
    "a day far off": (
        ("score", EXAMPLE, "--on", "9999-12-31"), 2,
        "--on: 9999-12-31 is out of range; allowed is 1990-01-01 to 2200-12-31; correct it "
        "[cli.day-range]",
        "--on: 9999-12-31 超出范围；须在 1990-01-01 至 2200-12-31 之间；请改正 [cli.day-range]",
    ),
    "an unknown policy": (
        ("score", EXAMPLE, "--policy", "nosuch"), 2,
        f"nosuch: no such policy; known are {KNOWN}; choose one, or give the path of a .toml file "
        "[policy.unknown]",
        None,
    ),
    "no policy file": (
        ("score", EXAMPLE, "--policy", "nosuch.toml"), 2,
        "nosuch.toml: cannot be read: No such file or directory; a file that exists and may be read "
        "is needed; check the path [file.unreadable]",
        "nosuch.toml: 无法读取：文件或文件夹不存在；须为已有且可读的文件；请检查路径 "
        "[file.unreadable]",
    ),
    "a change of nothing": (
        ("score", EXAMPLE, "--set", "line.tiers.B.amount=400 万元"), 2,
        'line.tiers.B.amount: "400 万元" is what the policy says already; a change must change '
        "something; remove it or give another value [policy.changes-nothing]",
        None,
    ),
    "no change at all": (
        ("score", EXAMPLE, "--set", "foo"), 2,
        '--set: "foo" is not a change; allowed is PATH=VALUE; write it as in '
        "line.tiers.B.amount=450万元 [cli.set]",
        "--set: “foo”不是修改项；须为 路径=数值；请写成 line.tiers.B.amount=450万元 的形式 [cli.set]",
    ),
    "no firm file": (
        ("score", "nosuch.toml"), 2,
        "nosuch.toml: cannot be read: No such file or directory; a file that exists and may be read "
        "is needed; check the path [file.unreadable]",
        None,
    ),
    "a folder": (
        ("score", config_dir()), 2,
        f"{config_dir()}: this is a folder; a file is needed; name a file in it [file.folder]",
        f"{config_dir()}: 这是文件夹；须为文件；请指定其中的文件 [file.folder]",
    ),
    "a spreadsheet to write": (
        ("score", EXAMPLE, "--out", "x.xlsx"), 2,
        'x.xlsx: files ending in ".xlsx" are not written here; allowed are .txt, .json, .csv; choose '
        "one, or give --format [cli.suffix]",
        "x.xlsx: 不能写出以“.xlsx”结尾的文件；可用 .txt, .json, .csv；请改用其一，或指定 --format "
        "[cli.suffix]",
    ),
    "two forms": (
        ("score", EXAMPLE, "--out", "x.csv", "--format", "json"), 2,
        'x.csv: the file ends in ".csv" and --format says json; they must agree; change one of them '
        "[cli.form-conflict]",
        "x.csv: 文件以“.csv”结尾，而 --format 为 json；两者须一致；请改其一 [cli.form-conflict]",
    ),
    "nowhere to write": (
        ("score", EXAMPLE, "--out", "no/such/folder/x.json"), 2,
        f"no/such/folder/x.json: cannot be written: No such file or directory; {NOT_WRITTEN}",
        "no/such/folder/x.json: 无法写入：文件或文件夹不存在；须为已有且可写的文件夹中的文件；"
        "请检查路径 [file.unwritable]",
    ),
    "a template of another kind": (
        ("template", "--out", "firm.json"), 2,
        'firm.json: files ending in ".json" are not written here; allowed are .toml, .xlsx; choose '
        "one, or give --format [cli.suffix]",
        None,
    ),
    "an unknown tier": (
        ("explain", EXAMPLE, "--tier", "Z"), 2,
        'tier: the policy has no tier "Z"; allowed are A, B, C, D, E; choose one [lift.no-tier]',
        "tier: 政策没有等级“Z”；可用 A, B, C, D, E；请选一个 [lift.no-tier]",
    ),
    "a tier of a policy without tiers": (
        ("explain", EXAMPLE, "--policy", "cn-tech-sme", "--tier", "A"), 2,
        'tier: the policy has no tiers, so "A" is none of them; it says eligible or refused; leave '
        "the tier out [lift.no-tiers]",
        "tier: 政策不分等级，没有“A”；其结论只有符合与不符合；请勿指定等级 [lift.no-tiers]",
    ),
    "no saved result": (
        ("verify", "nosuch.json"), 2,
        "nosuch.json: cannot be read: No such file or directory; a file that exists and may be read "
        "is needed; check the path [file.unreadable]",
        None,
    ),
    "a change of every scheme": (
        ("score", EXAMPLE, "--policy", "all", "--set", "a=1"), 2, None, None,
    ),
    "every scheme as a table": (
        ("score", EXAMPLE, "--policy", "all", "--format", "csv"), 2, None, None,
    ),
    "a changed policy that is wrong": (
        ("score", EXAMPLE, "--set", "line.tiers.B.amount=450"), 3,
        'line.tiers.B.amount: the amount "450" has no unit; an amount needs its unit; write it as in '
        '"450 万元" [money.no-unit]',
        None,
    ),
    "a changed policy out of order": (
        ("score", EXAMPLE, "--set", "tiers.A.at_least=10"), 3, "[policy.bands-order]", None,
    ),
    "a change beyond all bounds": (
        ("score", EXAMPLE, "--set", "tiers.A.at_least=1e999999999"), 3, "[policy.number-size]", None,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FAILURES)
def test_a_foreseen_failure_says_what_is_allowed_and_what_to_do(run, tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    words, code, en, zh = FAILURES[name]
    for lang, text in (("C", en), ("zh_CN.UTF-8", zh)):
        monkeypatch.setenv("LC_ALL", lang)
        found, out, err = run(*words)
        assert (found, out) == (code, "")
        if text is not None:
            whole = text.startswith("[") or code == 3
            assert err.rstrip("\n").endswith(text) if whole else err == f"{text}\n"
    assert list(tmp_path.iterdir()) == []


BROKEN = {
    "empty.csv": b"",
    "header.csv": HEADER.encode(),
    "unknown.csv": b"no_such_field\n1\n",
    "empty.json": b"",
    "list.json": b"[]",
    "nan.json": b'{"sales_fen": NaN}',
    "deep.json": b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "huge.json": b'{"staff_total": ' + b"9" * 5000 + b"}",
    "broken.toml": b"staff_total = = 1",
    "deep.toml": b"a = " + b"[" * 100_000 + b"]" * 100_000,
    "huge.toml": b"staff_total = " + b"9" * 5000,
    "latin.toml": "name = 'ä'".encode("latin-1"),
    "junk.toml": bytes(range(128, 256)) * 20,
    "junk.json": bytes(range(128, 256)) * 20,
    "junk.csv": bytes(range(256)) * 20,
    "junk.xlsx": bytes(range(256)) * 20,
    "empty.xlsx": b"",
    "firm.pdf": b"%PDF",
    "firm": b"staff_total = 1",
}


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_file_that_cannot_be_read_is_said_with_its_place(run, tmp_path, name, lang):
    path = tmp_path / name
    path.write_bytes(BROKEN[name])
    code, out, err = run("score", path, "--lang", lang)
    assert (code, out) == (2, "")
    assert err.startswith(str(path))
    assert err.count("；" if lang == "zh" else ";") >= 1
    assert err.rstrip().endswith("]")
    assert len(err) < 2000


@pytest.mark.parametrize(
    "text",
    [
        "staff_total = 1e400",
        'sales = "99999999999999999999 亿元"',
        "market_share = 1e999999999",
        "staff_total = -1",
        "staff_total = 9223372036854775807",
        'name = "a\\u001B[31mb"\nstaff_total = "x"',
    ],
)
def test_an_impossible_value_makes_the_firm_invalid(run, tmp_path, text):
    path = tmp_path / "firm.toml"
    path.write_text(text, encoding="utf-8")
    code, out, err = run("score", path, *DAY)
    assert (code, err) == (1, "")
    assert "What is wrong in the data\n" in out
    assert f"{path}:" in out.replace("\n    ", "")
    assert "\x1b" not in out


def test_nothing_is_written_over_what_is_read(run, tmp_path):
    path = changed(tmp_path, name="firm.json")
    before = path.read_bytes()
    code, _, err = run("score", path, "--out", path)
    assert code == 2
    assert err == (
        f"{path}: this is the file that is read; a result must not overwrite it; give another name "
        "[cli.same-file]\n"
    )
    assert path.read_bytes() == before


def test_several_problems_are_counted(run):
    changes = ("--set", "foo", "--set", "line.tiers.Q.amount=1 元", "--set", "bar")
    code, _, err = run("score", EXAMPLE, *changes)
    assert code == 2
    assert len(err.splitlines()) == 4
    assert err.endswith("3 problems\n")


def test_a_wrong_policy_file_is_told_with_every_line(run, tmp_path):
    path = tmp_path / "mine.toml"
    source = config_dir() / "policies" / "cn-tech-sme" / "2017.toml"
    text = source.read_text("utf-8").replace("at_most = 500", "at_mots = 500")
    path.write_text(text.replace("is    = false", "is    = 3", 1), encoding="utf-8")
    code, out, err = run("score", EXAMPLE, "--policy", path)
    assert (code, out) == (3, "")
    assert err.count(f"{path}:") >= 2
    code, out, err = run("policy", "check", path)
    assert (code, err) == (3, "")
    assert out.count(f"{path}:") >= 2


def test_a_day_before_the_scheme_is_refused(run):
    code, _, err = run("score", EXAMPLE, "--on", "2010-01-01")
    assert code == 2
    assert "chongqing-knowledge is not known for 2010-01-01" in err
    # A named edition is taken at its word, and the result says so.
    code, out, _ = run(
        "score", EXAMPLE, "--on", "2010-01-01", "--policy", "chongqing-knowledge@2023"
    )
    assert code == 0
    assert "* This edition was named by the user; it is not known to have been in force" in out


# -- languages and terminals ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "lang"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "C"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LC_MESSAGES": "zh_TW", "LANG": "en_US"}, "zh"),
        ({}, "en"),
    ],
)
def test_the_language_is_that_of_the_terminal(monkeypatch, names, lang):
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in names.items():
        monkeypatch.setenv(name, value)
    assert default_lang() == lang
    assert asked_lang(["score", "--lang"]) == lang


@pytest.mark.parametrize(("columns", "most"), [("40", 40), ("20", 40), ("72", 72), ("300", 100)])
def test_a_report_fits_the_terminal(run, tmp_path, monkeypatch, columns, most):
    from ipcredit.layout import width

    monkeypatch.setenv("COLUMNS", columns)
    for lang in ("zh", "en"):
        for path in (EXAMPLE, changed(tmp_path, INCOMPLETE), changed(tmp_path, REFUSED)):
            _, out, _ = run("score", path, *DAY, "--lang", lang)
            wide = [line for line in out.splitlines() if width(line) > most]
            # Only a word that is longer than the line may stand out.
            assert all(" " not in line.strip(" -*[]0123456789") for line in wide[2:]), wide


@pytest.mark.parametrize("encoding", ["gbk", "cp437", "ascii", "utf-8"])
def test_no_console_ends_the_program(encoding):
    done = program("score", EXAMPLE, "--lang", "both", env={"PYTHONIOENCODING": encoding})
    assert done.returncode == 0
    assert done.stderr == b""
    text = done.stdout.decode(encoding)
    assert ("知识产权" in text) == (encoding in ("gbk", "utf-8"))
    failed = program("score", "没有.toml", "--lang", "zh", env={"PYTHONIOENCODING": encoding})
    assert failed.returncode == 2
    assert b"Traceback" not in failed.stderr


def test_a_chinese_report_shows_on_a_gbk_console(run, tmp_path):
    for changes in ((), (REFUSED,), (INCOMPLETE,), (INVALID,)):
        for policy in ("chongqing-knowledge", "cn-tech-sme", "cn-high-tech"):
            path = changed(tmp_path, *changes)
            _, out, _ = run("score", path, *DAY, "--lang", "both", "--policy", policy)
            out.encode("gbk")


@pytest.mark.skipif(os.name == "nt", reason="pipes and signals of POSIX")
def test_a_closed_pipe_is_no_failure():
    command = [sys.executable, "-m", "ipcredit", "population", "--n", "20000"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as first:
        assert first.stdout is not None
        assert first.stdout.readline().startswith(b"name,")
        first.stdout.close()
        assert first.stderr is not None
        assert first.stderr.read() == b""
    assert first.returncode == 0


@pytest.mark.skipif(os.name == "nt", reason="pipes and signals of POSIX")
def test_an_interruption_keeps_what_is_written(tmp_path):
    firms, out = tmp_path / "firms.csv", tmp_path / "out.json"
    assert program("population", "--n", "2000", "--out", firms).returncode == 0
    # A shell starts background jobs with the signal ignored, and children inherit that.
    text = (
        "import signal\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from ipcredit.cli import main\nmain()"
    )
    command = [sys.executable, "-c", text, "score", firms, "--out", out, "--lang", "en"]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    end = time.monotonic() + 30
    while time.monotonic() < end and not (out.exists() and out.stat().st_size > 200_000):
        time.sleep(0.05)
    running.send_signal(signal.SIGINT)
    _, err = running.communicate(timeout=30)
    assert running.returncode == 130
    assert err == b"interrupted; what is written is kept\n"
    assert 1 <= len(json.loads(out.read_text("utf-8"))) < 2000


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is full")
@pytest.mark.parametrize("words", [("score", EXAMPLE), ("--version",), ("policy", "list")])
def test_a_full_disk_is_said(words):
    command = [sys.executable, "-m", "ipcredit", *words]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            command, stdout=full, stderr=subprocess.PIPE, check=False,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
        )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.startswith(b"-: cannot be written: No space left on device;")
    assert b"Traceback" not in done.stderr


def test_a_score_needs_neither_pandas_nor_scipy():
    heavy = ["pandas", "scipy", "rich", "stdnum", "xlsxwriter", "python_calamine", "matplotlib"]
    text = (
        "import sys\nfrom ipcredit import cli\n"
        f"sys.argv = ['ipcredit', 'score', {str(EXAMPLE)!r}]\n"
        "try:\n    cli.main()\nexcept SystemExit as end:\n    assert end.code == 0\n"
        f"print([name for name in {heavy} if name in sys.modules], file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True)
    assert done.stderr == "[]\n"


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_the_list_of_commands_says_what_each_says_itself(name, run):
    code, out, _ = run(name, "--help")
    assert code == 0
    about = out.split("Options:")[0].split("\n\n", 1)[1].strip()
    said = about.split("\n\n")[0]  # its first paragraph, whose lines may be folded
    assert "".join(said.split()) == "".join(cli.COMMANDS[name].split())


def test_a_group_of_one_command_is_a_group():
    app = group_app("About. 说明。")
    app.command("only")(lambda: typer.echo("done"))
    done = CliRunner().invoke(app, ["only"])
    assert (done.exit_code, done.output) == (0, "done\n")
    assert "About. 说明。" in CliRunner().invoke(app, ["--help"]).output


def test_every_command_module_is_listed():
    folder = Path(cli.__file__).parent / "commands"
    modules = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    assert modules == set(cli.COMMANDS)


@pytest.mark.parametrize(
    ("words", "commands"), [(("score", EXAMPLE), ["score"]), (("--help",), []), (("nonsense",), [])]
)
def test_only_the_command_that_is_run_is_loaded(words, commands):
    text = (
        "import sys\nfrom ipcredit import cli\n"
        f"sys.argv = ['ipcredit', *{list(map(str, words))!r}]\n"
        "try:\n    cli.main()\nexcept SystemExit:\n    pass\n"
        "print(*sorted(sys.modules), sep='\\n', file=sys.__stderr__)\n"
    )
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True)
    loaded = set(done.stderr.splitlines())
    start = "ipcredit.commands."
    assert [name.removeprefix(start) for name in loaded if name.startswith(start)] == commands
    late = {"cases", "paper", "patents.counting", "patents.read", "patents.value",
            "policy_tables", "population", "schemes_map", "template", "verify",
            "workbook"}  # fmt: skip
    assert not loaded & {f"ipcredit.{name}" for name in late}


def test_every_option_has_a_help_in_both_languages(run):
    commands = ["score", "explain", "verify", "template", "population", "policy list",
                "policy show", "policy check", "policy compare"]  # fmt: skip
    for command in commands:
        code, out, _ = run(*command.split(), "--help")
        assert code == 0
        about = out.split("Options:")[0]
        assert any("\u4e00" <= char <= "\u9fff" for char in about)
    code, out, err = run()
    assert (code, out) == (2, "")
    assert "Usage: ipcredit" in err
