"""The catalogue's documents: what ships adds up, importing twice changes nothing, faults stop it all."""

from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import CommandError, call_command

from programmes.actions.catalogue import shipped_files
from programmes.models import (
    ChoiceRule,
    DocumentRequirement,
    Intake,
    IntakeState,
    Module,
    ModulePart,
    Programme,
    RequirementSet,
    Statement,
    Term,
)
from tests.programmes.times import at

MODELS = (
    Programme,
    Term,
    Module,
    ModulePart,
    ChoiceRule,
    Statement,
    RequirementSet,
    DocumentRequirement,
    Intake,
)


def run(*args: object) -> str:
    out = StringIO()
    call_command("import_programmes", *map(str, args), stdout=out)
    return out.getvalue()


def rows() -> dict[str, list[Any]]:
    """Every row of the catalogue, to compare before and after."""
    return {
        model.__name__: list(model._default_manager.order_by("pk").values()) for model in MODELS
    }


def shipped(name: str) -> dict[str, Any]:
    """A shipped document, as data to be changed."""
    (file,) = [file for file in shipped_files() if file.stem == name]
    data: dict[str, Any] = yaml.safe_load(file.read_text())
    return data


def written(folder: Path, name: str, data: object) -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(yaml.safe_dump(data, allow_unicode=True))
    return path


@pytest.fixture
def catalogue(db: None) -> None:
    run()


@pytest.mark.usefixtures("catalogue")
class TestWhatShips:
    def test_the_terms_of_mlds_add_up_to_90_ects(self) -> None:
        mlds = Programme.objects.get(code="MLDS")
        ects = [term.ects for term in mlds.terms.all()]
        assert ects == [Decimal(x) for x in ("12.5", "12.5", "15", "15", "15", "20")]
        assert sum(filter(None, ects)) == mlds.ects == 90
        assert mlds.cats == 180

    def test_mlds_has_14_entries_ethics_three_times_so_12_modules(self) -> None:
        mlds = Programme.objects.get(code="MLDS")
        parts = ModulePart.objects.filter(module__programme=mlds)
        ethics = parts.filter(module__title="Ethics in Data Science and Artificial Intelligence")
        assert parts.count() == 14
        assert [(p.number, p.term.year, p.term.number) for p in ethics] == [
            (1, 1, 1),
            (2, 1, 3),
            (3, 2, 2),
        ]
        assert mlds.modules.count() == 12
        assert mlds.statements.filter(kind="outcome").count() == 14

    def test_what_is_not_stated_stays_empty(self) -> None:
        mscai = Programme.objects.get(code="MSCAI")
        assert mscai.ects is None
        assert mscai.partner == ""
        assert not mscai.terms.exists()
        assert set(mscai.inferred) == {"delivery", "pace", "years"}
        requirements = mscai.requirement_sets.get()
        assert requirements.minimum_class == ""
        assert requirements.gre == ""
        assert set(requirements.defaults) == {"english", "documents", "referees"}
        assert mscai.intakes.get().defaults == ["fee", "review"]

    def test_the_modules_of_msc_ai_are_placeholders_but_for_the_project(self) -> None:
        mscai = Programme.objects.get(code="MSCAI")
        assert mscai.choice_rule.total == 11
        named = mscai.modules.filter(is_placeholder=False)
        assert [module.kind for module in named] == ["project"]

    def test_the_intakes_of_the_past_are_closed(self) -> None:
        for intake in Intake.objects.all():
            assert intake.state_at(at("2026-01-01 00:00")) is IntakeState.CLOSED
        mscai = Intake.objects.get(reference="mscai-2024-autumn")
        assert mscai.closes_at == at("2024-07-31 22:59:59")

    def test_the_fee_and_the_review_rule(self) -> None:
        intake = Intake.objects.get(reference="mlds-2023-autumn")
        assert (intake.fee_amount, intake.fee_currency) == (Decimal("80.00"), "GBP")
        assert (intake.target_weeks, intake.limit_weeks) == (6, 8)
        assert intake.fee_waivable
        assert not intake.fee_refundable


@pytest.mark.usefixtures("catalogue")
def test_importing_again_changes_nothing() -> None:
    before = rows()
    assert "0 rows changed" in run()
    assert rows() == before


@pytest.mark.usefixtures("catalogue")
def test_a_changed_document_changes_only_what_differs(tmp_path: Path) -> None:
    data = shipped("mlds")
    data["programme"]["study_hours_per_week"] = 20
    data["statements"]["tool"] = []
    kept = Term.objects.values_list("pk", flat=True).order_by("pk")
    before = list(kept)
    said = run(written(tmp_path, "mlds", data))
    assert "change programme MSc Machine Learning and Data Science (study_hours_per_week)" in said
    assert "remove statement PySpark" in said
    assert "2 rows changed" in said
    assert list(kept) == before


@pytest.mark.usefixtures("catalogue")
def test_parts_can_change_places(tmp_path: Path) -> None:
    data = shipped("mlds")
    first, second = data["structure"][0], data["structure"][2]
    first["modules"], second["modules"] = second["modules"], first["modules"]
    first["modules"][1]["part"], second["modules"][0]["part"] = 1, 2
    run(written(tmp_path, "mlds", data))
    assert ModulePart.objects.filter(module__programme__code="MLDS").count() == 14
    first_term = ModulePart.objects.filter(term__year=1, term__number=1)
    assert [str(part) for part in first_term][2] == "Bayesian Methods"


@pytest.mark.django_db
def test_a_dry_run_says_what_would_change_and_writes_nothing() -> None:
    said = run("--dry-run")
    assert "add programme MSc Artificial Intelligence" in said
    assert not Programme.objects.exists()


@pytest.mark.usefixtures("catalogue")
def test_every_fault_is_listed_and_nothing_is_written(tmp_path: Path) -> None:
    before = rows()
    data = shipped("mlds")
    data["programme"]["title"] = "Another title"
    data["programme"]["delivery"] = "by post"
    data["structure"][0]["ects"] = 13
    data["structure"][2]["modules"][1]["part"] = 5
    data["intakes"][0] |= {"opens": "soon", "fee": {"amount": -1, "currency": "pounds"}}
    data["colour"] = "blue"
    good = shipped("mscai")
    good["programme"]["title"] = "A title that would be fine"
    with pytest.raises(CommandError) as raised:
        run(written(tmp_path, "mlds", data), written(tmp_path, "mscai", good))
    said = str(raised.value)
    for fault in (
        "mlds.yaml, programme: “delivery” should be one of: online, on_campus, blended",
        "mlds.yaml, structure: the terms add up to 90.5 ECTS, the programme states 90",
        "mlds.yaml, Ethics in Data Science and Artificial Intelligence: a module taught in several",
        "mlds.yaml, intakes 1: “opens” should be a date",
        "mlds.yaml, intakes 1, fee: “amount” should be a number, 0 or more",
        "mlds.yaml, intake “mlds-2023-autumn”: “pounds” is not a currency’s code",
        "mlds.yaml: “colour” is not known here",
    ):
        assert fault in said
    assert "mscai.yaml" not in said
    assert rows() == before


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (
            {
                "compulsory": 6,
                "chosen": 9,
                "selective_at_least": 4,
                "optional_at_most": 1,
            },
            "no choice",
        ),
        (
            {
                "compulsory": 6,
                "chosen": 5,
                "selective_at_least": 7,
                "optional_at_most": 1,
            },
            "no choice",
        ),
        (
            {"compulsory": 7, "chosen": 5, "selective_at_least": 4},
            "7 modules are compulsory",
        ),
    ],
)
def test_a_rule_that_no_choice_can_satisfy_is_a_fault(
    tmp_path: Path, rule: dict[str, int], said: str
) -> None:
    data = shipped("mscai")
    data["choice_rule"] = rule
    with pytest.raises(CommandError, match=said):
        run(written(tmp_path, "mscai", data))


@pytest.mark.usefixtures("catalogue")
def test_a_document_cannot_take_another_programmes_address_or_intake(
    tmp_path: Path,
) -> None:
    data = shipped("mlds")
    data["programme"]["code"] = "COPY"
    with pytest.raises(CommandError) as raised:
        run(written(tmp_path, "copy", data))
    assert "another programme has the address" in str(raised.value)
    assert "the intake “mlds-2023-autumn” is another programme’s" in str(raised.value)


@pytest.mark.django_db
def test_a_file_that_is_not_yaml_names_its_line(tmp_path: Path) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text("programme:\n  code: [MLDS\n")
    with pytest.raises(CommandError, match=r"broken\.yaml, line \d+: this is not YAML"):
        run(path)
    with pytest.raises(CommandError, match=r"nowhere\.yaml: it can’t be read"):
        run(tmp_path / "nowhere.yaml")
