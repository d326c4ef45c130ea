"""A fund's limits, breakers, recoveries, fees and unpublished clauses as blocks of text and tables."""

from __future__ import annotations

from collections.abc import Iterator

from ipcredit.fund.page_blocks import FundPage
from ipcredit.fund.page_words import ceiling_text
from ipcredit.fund.terms import Breaker, Fee, Limit, Quota, When
from ipcredit.paper import Block, Row
from ipcredit.wording import percent


def limits(page: FundPage) -> Iterator[Block]:
    """Every limit: what is counted, over what, per whom, and what happens beyond; the quota."""
    terms = page.terms
    if not terms.limits and terms.quota is None:
        return
    yield Block(page.put("section.limits"), path="limits", notes=(page.put("limits-note"),))
    for item in terms.limits:
        facts = tuple(_limit(page, item))
        yield Block(page.name(item.title, item.name), 2, item.path, facts=facts)
    if terms.quota is not None:
        yield _quota(page, terms.quota)


def _limit(page: FundPage, item: Limit) -> Iterator[Row]:
    def at(*keys: str) -> list[str]:
        return [f"{item.path}.{key}" for key in keys]

    measured = page.put(f"limit-measure.{item.measure}")
    yield page.told("measured", measured, *at("measure"))
    sums = ("amount", "rate", "bands", "grows", "of", "guarantee_rate")
    ceiling = ceiling_text(item.ceiling, page.currency, page.lang)
    yield page.told("deductible" if item.deductible else "ceiling", ceiling, *at(*sums))
    yield page.told("per", page.put(f"per.{item.per}"), *at("per"))
    period = page.put("period.yearly" if item.yearly else "period.all")
    yield page.told("period", period, *at("yearly"))
    if item.when != When():
        yield page.told("applies", page.loans(item.when), *at("when"))
    beyond = "deductible" if item.deductible else item.measure
    yield page.told("beyond", page.put(f"beyond.{beyond}"), *at("kind"))
    yield page.told("net", page.put("net" if item.net else "not-net"), *at("net"))
    if page.book.under(f"{item.path}.clawback"):
        code = "clawback" if item.clawback else "beyond.payouts"
        yield page.told("clawback", page.put(code), *at("clawback"))
    yield from page.readings(item.path)


def _quota(page: FundPage, quota: Quota) -> Block:
    text = page.put("quota-rate", rate=percent(quota.rate))
    facts = [page.told("accrues", text, f"{quota.path}.rate")]
    if quota.most is not None:
        text = page.put("quota-most", rate=percent(quota.most))
        facts.append(page.told("quota-most", text, f"{quota.path}.most"))
    facts += [
        page.told("per", page.put("per.lender")),
        page.told("beyond", page.put("beyond.payouts")),
        *page.readings(quota.path),
    ]
    return Block(page.put("quota"), 2, quota.path, facts=tuple(facts))


def breakers(page: FundPage) -> Iterator[Block]:
    """Every breaker with the four things it must say, its threshold, and until when it holds."""
    if not page.terms.breakers:
        return
    notes = (page.put("breakers-note"),)
    yield Block(page.put("section.breakers"), path="breakers", notes=notes)
    for item in page.terms.breakers:
        facts = tuple(_breaker(page, item))
        yield Block(page.name(item.title, item.name), 2, item.path, facts=facts)


def _breaker(page: FundPage, item: Breaker) -> Iterator[Row]:
    def row(label: str, text: str, *keys: str) -> Row:
        return page.told(label, text, *(f"{item.path}.{key}" for key in keys))

    rate = page.put("above" if item.strict else "at", rate=percent(item.at))
    yield row("threshold", rate, "at", "strict")
    yield row("measured", page.put(f"breaker-measure.{item.measure}"), "measure")
    yield row("over", page.put(f"base.{item.over}"), "over")
    yield row("per", page.put(f"per.{item.per}"), "per")
    yield row("stops", page.put(f"stops.{item.stops}"), "stops")
    yield row("lifts", page.put(f"lifts.{item.lifts}"), "lifts")
    if item.yearly or item.measure != "overdue":  # what is overdue now is a state, not a sum
        period = page.put("period.yearly" if item.yearly else "period.all")
        yield row("period", period, "yearly")
    yield from page.readings(item.path)


def recoveries(page: FundPage) -> Block:
    """How money that comes back is shared, and whether it can pay again."""
    terms = page.terms.recoveries
    to_pot = page.put("to-pot.yes" if terms.to_pot else "to-pot.no")
    facts = (
        page.told("order", page.put(f"order.{terms.order}"), "recoveries.order"),
        page.told("to-pot", to_pot, "recoveries.to_pot"),
        *page.readings("recoveries"),
    )
    return Block(page.put("section.recoveries"), path="recoveries", facts=facts)


def fees(page: FundPage) -> Iterator[Block]:
    """What the fund charges."""
    if not page.terms.fees:
        return
    yield Block(page.put("section.fees"), path="fees")
    for item in page.terms.fees:
        facts = tuple(_fee(page, item))
        yield Block(page.name(item.title, item.name), 2, item.path, facts=facts)


def _fee(page: FundPage, item: Fee) -> Iterator[Row]:
    yield page.told("rate", page.put("fee-rate", rate=percent(item.rate)), f"{item.path}.rate")
    if page.book.under(f"{item.path}.waived"):
        text = page.put("waived") if item.waived else page.say("words.no")
        yield page.told("waived", text, f"{item.path}.waived")
    if item.surcharges:
        lines = [
            page.put(f"surcharge.{step.measure}", at=percent(step.at), add=percent(step.add))
            for step in item.surcharges
        ]
        yield page.told("surcharges", "\n".join(lines), f"{item.path}.surcharges")
    yield from page.readings(item.path)


def unpublished(page: FundPage) -> Iterator[Block]:
    """Clauses that are known to exist and are left out of every figure."""
    rows = [Row((item.name, item.title.text(page.lang))) for item in page.terms.unpublished]
    if rows:
        yield Block(
            page.put("section.unpublished"),
            path="unpublished",
            notes=(page.put("unpublished-note"),),
            columns=(page.put("column.clause"), page.put("column.known")),
            rows=tuple(rows),
        )
