"""Who applies in the demonstration, with what, and how far their file has come."""

import enum
from dataclasses import dataclass
from datetime import date

from applicants.models import GradeScale


class Stage(enum.IntEnum):
    """How far a file has come; each includes the ones before it."""

    NO_LETTER = 1
    ONE_LETTER = 2
    COMPLETE = 3
    ASSIGNED = 4
    REVIEWED = 5
    PROPOSED = 6
    APPROVED = 7
    VISIBLE = 8
    ACCEPTED = 9


@dataclass(frozen=True)
class Candidate:
    """`days` is how long ago the file was complete, or submitted when it is not. `outcome` is a
    decision's; `waiver` leaves the fee with a request that nobody has decided.
    """

    name: str
    email: str
    country: str
    university: str
    degree: str
    subject: str
    grade: tuple[GradeScale, str]
    referees: tuple[str, str]
    programme: str
    days: int
    stage: Stage
    outcome: str = "offer"
    conditional: bool = False
    waiver: bool = False
    born_on: date = date(1997, 3, 14)


def _at(name: str) -> str:
    return f"{name}@people.example"


CANDIDATES = (
    Candidate(
        "Wanjiru Kamau",
        _at("wanjiru.kamau"),
        "KE",
        "University of Nairobi",
        "BSc",
        "Actuarial Science",
        (GradeScale.HONOURS, "First"),
        ("Dr Peter Mwangi", "Grace Achieng"),
        "MLDS",
        6,
        Stage.NO_LETTER,
    ),
    Candidate(
        "Łukasz Wiśniewski",
        _at("lukasz.wisniewski"),
        "PL",
        "Politechnika Wrocławska",
        "Inżynier",
        "Informatyka",
        (GradeScale.GPA_5, "4.6"),
        ("Prof. Anna Nowak", "Marek Kowalczyk"),
        "MSCAI",
        13,
        Stage.ONE_LETTER,
    ),
    Candidate(
        "Beatriz Nascimento",
        _at("beatriz.nascimento"),
        "BR",
        "Universidade de São Paulo",
        "Bacharelado",
        "Estatística",
        (GradeScale.OUT_OF_10, "8.9"),
        ("Prof. Carlos Almeida", "Fernanda Rocha"),
        "MLDS",
        3,
        Stage.COMPLETE,
    ),
    Candidate(
        "Nguyễn Thị Hạnh",
        _at("hanh.nguyen"),
        "VN",
        "Hanoi University of Science and Technology",
        "BSc",
        "Applied Mathematics",
        (GradeScale.GPA_4, "3.71"),
        ("Dr Trần Văn Minh", "Lê Thị Hoa"),
        "MLDS",
        20,
        Stage.ASSIGNED,
    ),
    Candidate(
        "Siobhán O’Neill",
        _at("siobhan.oneill"),
        "IE",
        "University College Cork",
        "BSc",
        "Financial Mathematics",
        (GradeScale.HONOURS, "2:1"),
        ("Dr Niamh Byrne", "Declan Murphy"),
        "MLDS",
        46,
        Stage.ASSIGNED,
    ),
    Candidate(
        "Ahmed El-Sayed",
        _at("ahmed.elsayed"),
        "EG",
        "Cairo University",
        "BSc",
        "Computer Engineering",
        (GradeScale.PERCENT, "87"),
        ("Prof. Mona Hassan", "Karim Fahmy"),
        "MSCAI",
        59,
        Stage.REVIEWED,
    ),
    Candidate(
        "Aino Mäkelä",
        _at("aino.makela"),
        "FI",
        "Jyväskylän yliopisto",
        "LuK",
        "Matematiikka",
        (GradeScale.GPA_5, "4.2"),
        ("Dos. Pekka Virtanen", "Laura Nieminen"),
        "MLDS",
        34,
        Stage.PROPOSED,
        conditional=True,
    ),
    Candidate(
        "Chidinma Eze",
        _at("chidinma.eze"),
        "NG",
        "University of Ibadan",
        "BSc",
        "Statistics",
        (GradeScale.GPA_5, "4.71"),
        ("Dr Tunde Bakare", "Ngozi Obi"),
        "MLDS",
        28,
        Stage.APPROVED,
        waiver=True,
    ),
    Candidate(
        "Yusuf Yıldız",
        _at("yusuf.yildiz"),
        "TR",
        "Boğaziçi Üniversitesi",
        "BSc",
        "Industrial Engineering",
        (GradeScale.GPA_4, "3.42"),
        ("Prof. Elif Demir", "Can Aydın"),
        "MSCAI",
        38,
        Stage.APPROVED,
    ),
    Candidate(
        "Mei-Ling Chen",
        _at("meiling.chen"),
        "TW",
        "National Taiwan University",
        "BSc",
        "Mathematics",
        (GradeScale.GPA_4, "3.93"),
        ("Prof. Wen-Hsiung Lin", "Yu-Ting Wang"),
        "MLDS",
        40,
        Stage.VISIBLE,
        conditional=True,
    ),
    Candidate(
        "Oleksandra Kovalenko",
        _at("oleksandra.kovalenko"),
        "UA",
        "Taras Shevchenko National University of Kyiv",
        "BSc",
        "Computer Science",
        (GradeScale.PERCENT, "94"),
        ("Dr Iryna Shevchuk", "Andriy Melnyk"),
        "MLDS",
        48,
        Stage.ACCEPTED,
        conditional=True,
    ),
    Candidate(
        "Rohan Desai",
        _at("rohan.desai"),
        "IN",
        "University of Mumbai",
        "BCom",
        "Commerce",
        (GradeScale.PERCENT, "61"),
        ("Dr Sunita Patil", "Vikram Shah"),
        "MSCAI",
        44,
        Stage.VISIBLE,
        outcome="reject",
    ),
    Candidate(
        "Ingrid Sørensen",
        _at("ingrid.sorensen"),
        "NO",
        "Universitetet i Bergen",
        "Bachelor",
        "Fysikk",
        (GradeScale.OTHER, "B"),
        ("Førsteam. Kari Hansen", "Ola Nordmann"),
        "MLDS",
        25,
        Stage.REVIEWED,
        waiver=True,
    ),
)
