"""The page of a simulation, in Chinese and English."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipcredit import messages
from ipcredit.fund.result_text import purse_name
from ipcredit.money import format_money

if TYPE_CHECKING:
    from ipcredit.fund.path_result import Part, PathsResult, Sampled

_AMOUNTS = ("defaulted", "paid", "back", "fees", "topped_up")


def page(result: PathsResult, lang: str) -> str:
    """The whole page; ``both`` gives the Chinese page and the English one below it."""
    if lang == "both":
        return page(result, "zh") + "\n" + page(result, "en")
    return "\n".join(_Page(result, lang).lines()) + "\n"


class _Page:
    def __init__(self, result: PathsResult, lang: str) -> None:
        self.result, self.lang = result, lang

    def say(self, code: str, **args: object) -> str:
        return messages.text(f"fund-paths.{code}", self.lang, **args)

    def amount(self, value: float, error: float = 0.0) -> str:
        # No digits that the error drowns: two of its own are left.
        unit = 10 ** max(2, len(str(int(error))) - 2)
        return format_money(round(value / unit) * unit, self.result.currency, self.lang)

    def sampled(self, item: Sampled) -> str:
        return f"{self.amount(item.value, item.error)} ± {self.amount(item.error, item.error)}"

    def party(self, name: str) -> str:
        return self.say(name) if name in ("fund", "lender") else name

    def lines(self) -> list[str]:
        result = self.result
        name = f"{result.fund['id']}@{result.fund['edition']}"
        found = [
            self.say("title", fund=name, periods=len(result.periods), paths=result.paths),
            self.say("engine-line", engine=result.engine, reason=result.reason.text(self.lang)),
            "",
            *self._series(),
            *self._dry(),
            self._need(),
            "",
            *self._breakers(),
            *self._bearers(),
        ]
        for per, parts in (
            ("tier", result.by_tier),
            ("lender", result.by_lender),
            ("district", result.by_district),
        ):
            found += self._parts(per, parts)
        found += [self.say("notes")]
        found += [f"  {note.text(self.lang)}" for note in result.notes]
        found += [self.say("assumed", count=len(result.assumed))]
        found += [f"  {item.text(self.lang)}" for item in result.assumed]
        return found

    def _series(self) -> list[str]:
        found = [self.say("by-period")]
        for name in _AMOUNTS:
            fan = self.result.fan(name)
            if not any(item.value for item in fan.mean):
                continue
            found.append(f"  {self.say(name.replace('_', '-'))}")
            high = dict(fan.quantiles)[0.95]
            for at, period in enumerate(self.result.periods):
                found.append(
                    f"    {period}  {self.sampled(fan.mean[at])}; "
                    f"{self.amount(high[at].value, high[at].error)}"
                )
        return [*found, ""]

    def _dry(self) -> list[str]:
        found = [self.say("dry")]
        for row in self.result.dry:
            if row.district:
                continue
            name = self.say(row.capital)
            if row.capital == self.result.tested:
                name = self.say("tested-mark", name=name)
            where = purse_name(row.pot, "", self.result.pots, self.lang) or self.say("whole")
            chances = "  ".join(f"{p.value:.4%} ± {p.error:.4%}" for p in row.by_period)
            found.append(f"  {name}, {where}: {chances}")
        return [*found, ""]

    def _need(self) -> str:
        need = self.result.need
        levels = dict(need.quantiles)
        return self.say(
            "need",
            mean=self.sampled(need.mean[0]),
            high=self.sampled(levels[0.95][0]),
            top=self.sampled(levels[0.99][0]),
        )

    def _breakers(self) -> list[str]:
        if not self.result.breakers:
            return []
        found = [self.say("breakers")]
        for row in self.result.breakers:
            name = row.name if row.title is None else row.title.text(self.lang)
            ever = f"{row.ever.value:.3%} ± {row.ever.error:.3%}"
            costs = [
                self.say("bears", party=self.party(party), amount=self.sampled(cost))
                for party, cost in row.cost.items()
            ]
            code = "breaker" if costs else "breaker-plain"
            found.append("  " + self.say(code, name=name, ever=ever, costs="; ".join(costs)))
        return [*found, ""]

    def _bearers(self) -> list[str]:
        found = [self.say("bearers")]
        for name, item in self.result.bearers.items():
            found.append(f"  {self.party(name)}: {self.sampled(item)}")
        if self.result.cut:
            found.append(self.say("cut"))
            found += [f"  {name}: {self.sampled(v)}" for name, v in self.result.cut.items()]
        return [*found, ""]

    def _parts(self, per: str, parts: tuple[Part, ...]) -> list[str]:
        if len(parts) < 2:
            return []
        rows = [
            "  "
            + self.say(
                "gross-net",
                name=part.name or self.say("no-tier"),
                gross=self.sampled(part.gross),
                net=self.sampled(part.net),
            )
            for part in parts
        ]
        return [self.say(f"by-{per}"), *rows, ""]
