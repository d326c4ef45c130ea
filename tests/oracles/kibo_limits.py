"""Independent oracle for the KIBO guarantee line (Korea): min(purpose limit, rating limit).

Written from the facts file alone (§8), naive on purpose; shares no code with the project.
Whole won. The matrix of technology grade × risk grade is not public: it is an argument.
"""

from __future__ import annotations

BILLION = 1_000_000_000  # won

# Each reading chosen by the project: docs/decisions/0010-readings-of-the-schemes.md.
# reading chosen by the project: a firm rated D is judged and has no line; the other reading calls
# a firm without a line refused (True)
NO_LINE_IS_REFUSED = False
GRADES = ("AAA", "AA", "A", "BBB", "BB", "B", "CCC", "CC", "C", "D")
RISKS = ("R1", "R2", "R3", "R4", "R5")
RATING = {"AAA": 7, "AA": 7, "A": 6, "BBB": 5, "BB": 4, "B": 3, "CCC": 1, "CC": 1, "C": 1, "D": 0}
PURPOSE = {
    "general": 3,
    "technology_valuation": 5, "research_cooperation": 5, "raw_materials": 5,
    "technology_intensive": 5,
    "trade_export": 7, "letter_of_credit": 7, "green": 7, "excellent_technology": 7,
    "fixed_assets_replacement": 10,
}  # fmt: skip


# ---- judging -----------------------------------------------------------------------------------
def judge(firm, on, matrix):
    """`on` changes nothing: no part of the rule depends on the day."""
    tier = matrix[firm["technology_grade"], firm["risk_grade"]]
    rating_limit = RATING[tier] * BILLION
    purpose_limit = PURPOSE[firm["guarantee_purpose"]] * BILLION
    line = min(rating_limit, purpose_limit)
    return {
        "status": "eligible" if line > 0 or not NO_LINE_IS_REFUSED else "refused",
        "tier": tier,
        "rating_limit": rating_limit,
        "purpose_limit": purpose_limit,
        "line": line,
    }
