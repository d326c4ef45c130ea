"""Problems and texts of paying the claims on a fund (en, zh)."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "fund-pay.loans-lack": (
        "{count} loans lack it and a clause of the fund asks for it; allowed is a value for every "
        "loan; fill in the column",
        "有 {count} 笔贷款缺少此项，而基金条款需要；每笔贷款都应有值；请补充该列",
    ),
}
