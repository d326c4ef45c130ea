"""The panel: what a slider shows, and what remains without sliders."""

import builtins
import datetime as dt
import sys
import types

import pytest

from ipcredit import Policy
from ipcredit.errors import PolicyError, UsageError
from ipcredit.fund.fund import Fund
from ipcredit.fund.scenario import Scenario
from ipcredit.money import parse_money
from ipcredit.population import population
from ipcredit.tune import panel_show
from ipcredit.tune.compare import compare
from ipcredit.tune.panel import Panel, panel
from ipcredit.tune.panel_show import show, tell

ON = dt.date(2023, 8, 11)
CUT, LINE = "tiers.B.at_least", "line.tiers.B.amount"
PATHS = {CUT: (60, 90, 5), LINE: ("300 万元", "500 万元", "50 万元")}


@pytest.fixture(scope="module")
def policy():
    return Policy.load("chongqing-knowledge@2023")


@pytest.fixture(scope="module")
def firms():
    return population(150, seed=7)


@pytest.fixture
def knobs(policy, firms):
    return panel(policy, firms, PATHS, lang="en", on=ON)


@pytest.fixture(scope="module")
def with_fund(policy, firms):
    scenario = Scenario.load("chongqing-assumed").change("capital.committed", "900 万元")
    fund = Fund.load("chongqing-knowledge@2019")
    return fund, scenario, lambda: panel(policy, firms, PATHS, fund, scenario, lang="en", on=ON)


# -- dials -------------------------------------------------------------------------------------


def test_starts_at_the_policy_and_that_is_no_error(knobs, policy):
    assert knobs.values == {CUT: 70, LINE: "400 万元"}
    assert knobs.policy is policy
    assert knobs.view.found.change.any() == False  # noqa: E712
    assert "Nothing: the policy as it is." in knobs.text()


def test_back_to_the_start_is_no_error(knobs, policy):
    knobs.move(CUT, 65)
    knobs.move(CUT, 70)
    assert knobs.policy is policy
    assert knobs.view.found.after is knobs.view.found.before


def test_a_move_is_the_change_a_person_would_make(knobs, policy, firms):
    knobs.move(CUT, 65)
    view = knobs.move(LINE, "450 万元")
    changed = policy.change(CUT, 65).change(LINE, "450 万元")
    assert knobs.policy == changed
    assert [change.path for change in knobs.policy.changes] == [CUT, LINE]
    truth = compare(policy, changed, firms, on=ON)
    assert (view.found.matrix == truth.matrix).all()
    assert view.found.after.lines == truth.after.lines


def test_the_policy_is_never_touched(knobs, policy):
    before = policy.fingerprint, dict(policy.canonical)
    knobs.move(CUT, 60)
    knobs.text()
    assert (policy.fingerprint, dict(policy.canonical)) == before
    assert policy.changes == ()


def test_its_own_value_is_on_the_dial_even_between_the_steps(policy, firms):
    dials = panel(policy, firms, {LINE: ("300 万元", "500 万元", "40 万元")}, on=ON).dials
    odd = panel(policy, firms, {CUT: (64, 76, 4)}, on=ON).dials
    numbers = [parse_money(value, "CNY") for value in dials[0].values]
    assert numbers == sorted(numbers)
    assert "400 万元" in dials[0].values
    assert odd[0].values == (64, 68, 70, 72, 76)
    assert odd[0].start == 2


def test_a_step_that_is_not_there_is_named_with_its_neighbours(knobs):
    with pytest.raises(UsageError) as caught:
        knobs.move(CUT, 66)
    (problem,) = caught.value.problems
    assert problem.code == "tune-panel.not-a-step"
    assert problem.args["near"] == "65, 70"
    with pytest.raises(UsageError, match="no such dial"):
        knobs.move("tiers.A.at_least", 85)
    assert knobs.values[CUT] == 70  # nothing moved


def test_a_wrong_path_is_refused_at_once(policy, firms):
    with pytest.raises(UsageError):
        panel(policy, firms, {"tiers.B.at_leest": (60, 80, 5)}, on=ON)


# -- what is not valid -------------------------------------------------------------------------


def test_bands_out_of_order_show_the_policys_own_words(knobs, policy):
    view = knobs.move(CUT, 90)
    with pytest.raises(PolicyError) as caught:
        policy.change(CUT, 90)
    assert view.found is None
    for lang in ("en", "zh"):
        # The same words, without the place in the file: the values stand on dials.
        words = caught.value.problems[0].text(lang).partition(": ")[2]
        assert words.replace("：", ":") in view.text(lang, 400).replace("：", ":")
    with pytest.raises(PolicyError):
        knobs.draw()
    bundle = knobs._repr_mimebundle_()
    assert "out of order" in bundle["text/plain"]
    assert "<img" not in bundle["text/html"]
    assert knobs.move(CUT, 65).found is not None


# -- text and picture --------------------------------------------------------------------------


def test_text_has_tiers_and_lines_in_both_languages(knobs):
    knobs.move(CUT, 65)
    english, chinese = knobs.text("en"), knobs.text("zh")
    assert "Firms by tier" in english
    assert "70 points" in english
    assert "各等级企业数" in chinese
    assert "70 分" in chinese
    assert knobs.text("both") == f"{chinese}\n\n{english}"
    assert str(knobs) == english


def test_the_tail_is_that_of_the_comparison(with_fund, policy, firms):
    fund, scenario, made = with_fund
    knobs = made()
    view = knobs.move(LINE, "500 万元")
    before, after = view.curves
    assert [round(p, 12) for _, p in before] == sorted((round(p, 12) for _, p in before))[::-1]
    # A larger line owes more at every amount.
    assert before[-1][0] < after[-1][0]
    truth = compare(policy, knobs.policy, firms, fund, scenario, ON)
    assert view.found.after.fund.dry == truth.after.fund.dry
    assert "The fund in one year" in knobs.text()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_picture_has_units_and_the_funds_capital(with_fund, lang):
    pytest.importorskip("matplotlib")
    from ipcredit.pictures import texts_of

    knobs = with_fund[2]()
    knobs.move(LINE, "450 万元")
    figure, remarks = knobs.draw(lang)
    texts = "\n".join(texts_of(figure))
    spoken = "en" if remarks else lang
    assert ("CNY 9 million" if spoken == "en" else "900 万元") in texts
    assert ("CNY 10,000" if spoken == "en" else "万元") in texts
    assert LINE in texts


# -- with and without a front end --------------------------------------------------------------


def test_on_a_terminal_it_prints_the_tables(knobs, capsys):
    assert knobs.widget is None
    knobs.show()
    assert capsys.readouterr().out == f"{knobs.text()}\n"


def test_without_matplotlib_the_tables_remain(knobs, monkeypatch):
    for name in [name for name in sys.modules if name.split(".")[0] == "matplotlib"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    bundle = knobs._repr_mimebundle_()
    assert "Firms by tier" in bundle["text/plain"]
    assert "No picture" in bundle["text/html"]
    assert "ipcredit[plots]" in bundle["text/html"]


@pytest.fixture
def kernel(monkeypatch):
    """A notebook's kernel without one: what IPython says inside it."""
    shown = []
    ipython, display = types.ModuleType("IPython"), types.ModuleType("IPython.display")
    shell = types.SimpleNamespace(kernel=object())
    ipython.get_ipython = lambda: shell
    display.display = shown.append
    display.Markdown = lambda text: ("markdown", text)
    display.Image = lambda data, width: ("image", data, width)
    monkeypatch.setitem(sys.modules, "IPython", ipython)
    monkeypatch.setitem(sys.modules, "IPython.display", display)
    return shown


def test_in_a_notebook_without_ipywidgets_it_stands_still(knobs, kernel, monkeypatch):
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    knobs.show()
    assert kernel == [knobs]
    assert set(knobs._repr_mimebundle_()) == {"text/plain", "text/html"}


class Fake:
    """As much of a widget as the panel uses."""

    def __init__(self, *args, **more):
        self.heard, self.clicked = [], []
        self.children = args[0] if args else ()
        self.__dict__.update(more)
        self.layout = more.get("layout") or types.SimpleNamespace()
        self.value = more.get("value", "")

    def observe(self, call, names):
        assert names == "value"
        self.heard.append(call)

    def on_click(self, call):
        self.clicked.append(call)

    def put(self, value):
        self.value = value
        for call in self.heard:
            call(None)

    def _repr_mimebundle_(self):
        return {"application/vnd.jupyter.widget-view+json": {}}


@pytest.fixture
def widgets(kernel, monkeypatch):
    pytest.importorskip("matplotlib")
    module = types.ModuleType("ipywidgets")
    for name in ("SelectionSlider", "Button", "HTML", "Image", "VBox", "Layout"):
        setattr(module, name, Fake)
    monkeypatch.setitem(sys.modules, "ipywidgets", module)
    return module


def test_in_a_notebook_sliders_redraw_once_for_each_move(knobs, widgets, monkeypatch):
    cut, line, reset, words, picture = knobs.widget.children
    assert [label for label, _ in line.options][:2] == ["CNY 3 million", "CNY 3.5 million"]
    assert cut.continuous_update is False
    asked = []
    at = knobs.views.at
    monkeypatch.setattr(knobs.views, "at", lambda values: asked.append(values) or at(values))
    first = picture.value
    cut.put(1)
    assert asked == [{CUT: 65, LINE: "400 万元"}]
    assert "65 points" in words.value
    assert picture.value.startswith(b"\x89PNG")
    assert picture.value != first
    line.put(4)
    reset.clicked[0](None)
    assert len(asked) == 3  # one for all dials
    assert knobs.values == {CUT: 70, LINE: "400 万元"}
    cut.put(6)  # 90 is above A's cut-off
    assert "out of order" in words.value
    assert picture.layout.display == "none"
    cut.put(2)
    assert picture.layout.display == ""


def test_front_ends_without_sliders_get_the_static_page_beside_them(knobs, widgets):
    bundle = knobs._repr_mimebundle_()
    assert set(bundle) == {
        "text/plain", "text/html", "application/vnd.jupyter.widget-view+json",
    }  # fmt: skip
    assert "<img" in bundle["text/html"]


def test_without_ipython_there_is_no_notebook(monkeypatch):
    real = builtins.__import__

    def none(name, *args, **more):
        if name.split(".")[0] == "IPython":
            raise ImportError(name)
        return real(name, *args, **more)

    monkeypatch.setattr(builtins, "__import__", none)
    assert panel_show.notebook() is None


def test_pictures_and_words_go_where_there_is_a_place(knobs, kernel, capsys, monkeypatch):
    pytest.importorskip("matplotlib")
    data = show(knobs.draw("en"), "en")
    tell("**words**")
    assert kernel[0][:2] == ("image", data)
    assert kernel[-1] == ("markdown", "**words**")
    monkeypatch.setattr(panel_show, "notebook", lambda: None)
    tell("**words**")
    assert show(knobs.draw("en"), "en") == data
    assert capsys.readouterr().out == "**words**\n"


def test_panel_says_what_it_is(knobs):
    assert isinstance(knobs, Panel)
    assert len(knobs.dials) == 2
