"""How long 100,000 rights of one XLSX file take: python-calamine alone, read, counted, valued.

    python benchmarks/patents.py [--rows 100000] [--repeat 3] [--file FILE]

The file is drawn with a seed in the layout of an incoPat export (27 columns, some oddities).  The
figure that matters is the quotient: everything we do, by what python-calamine needs to hand over
the cells.
"""

from __future__ import annotations

import argparse
import datetime as dt
import gc
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ipcredit.patents.counting import count_rights
from ipcredit.patents.numbers import check_digit
from ipcredit.patents.read import read_rights
from ipcredit.patents.value import value_rights

ON = dt.date(2025, 6, 30)
FIRM = "示例智造科技有限公司"
HEADING = (
    "序号", "标题（中文）", "申请号", "申请日", "公开（公告）号", "公开（公告）日", "专利类型", "专利有效性",
    "申请人", "当前权利人", "发明人", "IPC主分类", "IPC", "权利要求数量", "引证次数", "被引证次数",
    "5年内被引用次数", "简单同族编号", "简单同族个数", "转让次数", "转让生效日", "许可次数", "质押次数",
    "诉讼次数", "预估到期日", "导出日期", "是否与主导产品相关",
)  # fmt: skip
CLASSES = [f"{s}{n:02d}{c}" for s in "ABCDEFGH" for n in (1, 4, 6, 23, 29) for c in "BCDFK"]


def draw(rows: int, seed: int = 7) -> list[list[Any]]:
    draw = random.Random(seed)
    # Of the 75,000 groups of the IPC a firm's field uses a few thousand.
    groups = [f"{draw.choice(CLASSES)}{draw.randrange(1, 60)}/{draw.randrange(100):02d}"
              for _ in range(8000)]  # fmt: skip
    firms = [FIRM, *(f"第{n}精密机械有限公司" for n in range(400))]
    found = []
    for at in range(rows):
        sort = draw.choices("123", (5, 4, 1))[0]
        filed = dt.date(2006, 1, 1) + dt.timedelta(days=draw.randrange(6800))
        granted = filed + dt.timedelta(days=draw.randrange(150, 1400))
        digits = f"{filed.year}{sort}{at:07d}"
        number = f"CN{digits}.{check_digit(digits)}"
        odd = draw.random()
        if odd < 0.02:
            number = f"ZL {digits[:4]} {digits[4]} {digits[5:]}.{check_digit(digits).lower()}"
        elif odd < 0.04:
            number = digits
        elif odd < 0.045:
            number = f"CN{digits}.{'1' if check_digit(digits) != '1' else '2'}"
        letter = {"1": "B", "2": "U", "3": "S"}[sort]
        kind = {"1": "发明授权", "2": "实用新型", "3": "外观设计"}[sort]
        term = {"1": 20, "2": 10, "3": 10}[sort]
        first = draw.choice(firms)
        bought = draw.random() < 0.1
        owner = draw.choice(firms) if bought else first
        ipc = draw.sample(groups, draw.randrange(1, 5))
        found.append([
            at + 1, f"一种装置及方法（{at}）", number, filed, f"CN{sort}{at:08d}{letter}", granted, kind,
            draw.choices(("有效", "失效", "审中"), (7, 2, 1))[0], first, owner,
            "; ".join(f"人{draw.randrange(5000)}" for _ in range(draw.randrange(1, 6))),
            ipc[0], "; ".join(ipc), draw.randrange(1, 30), draw.randrange(20), draw.randrange(40),
            draw.randrange(20), f"F{at // 2 if draw.random() < 0.2 else at}", draw.randrange(1, 9),
            int(bought), granted + dt.timedelta(days=400) if bought else None, draw.randrange(2), draw.randrange(2),
            0, filed.replace(year=filed.year + term, day=min(filed.day, 28)), ON,
            draw.choice(("是", "否")),
        ])  # fmt: skip
    return found


def write(path: Path, rows: list[list[Any]]) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(
        str(path), {"constant_memory": True, "default_date_format": "yyyy-mm-dd"}
    )
    sheet = book.add_worksheet("专利")
    sheet.write_row(0, 0, HEADING)
    for at, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            if isinstance(cell, dt.date):
                sheet.write_datetime(at, column, dt.datetime.combine(cell, dt.time()))
            elif cell is not None:
                sheet.write(at, column, cell)
    book.close()


def timed(work: Callable[..., Any], *given: Any, **named: Any) -> tuple[float, Any]:
    """Seconds of the processor, which a busy machine stretches less than those of the clock."""
    gc.collect()
    start = time.process_time()
    result = work(*given, **named)
    return time.process_time() - start, result


def calamine_alone(path: Path) -> list[list[Any]]:
    import python_calamine

    with python_calamine.CalamineWorkbook.from_path(path) as book:
        return book.get_sheet_by_index(0).to_python(skip_empty_area=False)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--file", type=Path, help="keep the drawn file here, or use it if there")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = asked.file or Path(folder) / "rights.xlsx"
        if not path.exists():
            write(path, draw(asked.rows))
        seconds: dict[str, list[float]] = {}
        for _ in range(asked.repeat):  # in turns, so that all meet the same machine
            took, cells = timed(calamine_alone, path)
            seconds.setdefault("python-calamine alone", []).append(took)
            del cells
            took, rights = timed(read_rights, path)
            seconds.setdefault("read and check", []).append(took)
            took, found = timed(count_rights, rights, ON, FIRM)
            seconds.setdefault("count", []).append(took)
            took, _ = timed(value_rights, rights, "oecd6", on=ON)
            seconds.setdefault("value (oecd6)", []).append(took)
        size = path.stat().st_size / 1e6
    median = {name: statistics.median(times) for name, times in seconds.items()}
    base, *steps = median.values()
    print(f"{len(rights):,} rights, {size:.1f} MB, {len(rights.problems):,} problems, "
          f"{len(rights.remarks):,} remarked, class I: {found.counts['class1_related']}")  # fmt: skip
    for name, took in median.items():
        print(f"{name:28}{took:8.2f} s")
    print(f"{'all of ours':28}{sum(steps):8.2f} s   {sum(steps) / base:.2f} x python-calamine")
    sys.exit(sum(steps) > 3 * base)


if __name__ == "__main__":
    main()
