"""What two inspectors do on a visit, step by step, each on the own phone and without a network."""

import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from forms.body import from_json
from forms.evaluate import Evaluation, Found, evaluate
from forms.evaluation.suggesting import REFER, suggest
from forms.model import ATTACHMENTS, NOT_ASKED, Form, Item, Kind, Major, placed
from inspect_server.demo.field.handset import Handset, PhoneFailed
from inspect_server.demo.field.measuring import filled, value_of
from inspect_server.demo.field.noting import finding_of

PLACES = (
    "一车间东侧",
    "一车间除尘器旁",
    "二车间北门",
    "原料库",
    "污水处理站",
    "配电间",
    "成品库西侧",
)
SCENES = {"dust": "machine", "confined": "manhole", "general": "cabinet"}
SAFETY_OFFICERS = ("周安民", "孙立平", "徐慎行", "何守正", "罗细心", "唐明察")
NOT_HERE, NOT_DONE = "本单位不涉及该项设施", "该设备当日检修停用，未能现场核查"
MAY_BE_ABSENT = frozenset({"F03", "F05", "F07", "F09", "F10", "G24", "Y13"})
"""Items about equipment or places that an enterprise may not have at all."""
MAY_BE_OFF = frozenset({"F04", "F08", "F17", "F18", "G20", "G21", "Y09"})
"""Items about equipment that may be out of service on the day."""
PAGE_ITEMS = 5
"""Items that a phone shows at once; what is filled in is saved with one tap."""
REFUSAL = "现场负责人对检查结论有异议，拒绝签名"
WITNESS = {"name": "吴平", "position": "园区管理办公室"}


@dataclass(frozen=True)
class Course:
    """How one visit goes."""

    general: int = 2  # general findings
    major: int = 0  # major ones: ★ items
    corrected: bool = False  # the first general finding is corrected on the spot if it can be
    not_applicable: int = 2
    not_checked: bool = False
    refuses: bool = False  # the enterprise does not sign
    gap: bool = False  # the recording breaks off
    large_photo: bool = False


@dataclass(frozen=True)
class Page:
    """What one phone shows at once of a checklist."""

    phone: Handset
    form: Form
    items: Sequence[Item]

    @property
    def checks(self) -> Sequence[Item]:
        """The items that are passed or failed."""
        return [item for item in self.items if item.kind is Kind.CHECK]


@dataclass
class Visit:
    """One visit under way: the task as pulled, the team's phones, and the time of day."""

    task: Mapping[str, Any]
    enterprise: Mapping[str, Any]  # as pulled
    forms: Sequence[Form]
    laws: Mapping[str, Any]  # id -> value, as pulled
    lead: Handset
    member: Handset
    course: Course
    at: datetime
    answers: dict[str, dict[str, dict[str, object]]] = field(default_factory=dict)
    photos: dict[str, dict[str, int]] = field(default_factory=dict)
    findings: dict[str, dict[str, list[Found]]] = field(default_factory=dict)
    is_ordered: bool = False  # a finding is left for the order

    def __post_init__(self) -> None:
        self.chance = random.Random(self.number)
        for form in self.forms:
            self.answers[form.name], self.photos[form.name] = {}, {}
            self.findings[form.name] = {}

    @property
    def id(self) -> str:
        """The task's id."""
        return str(self.task["id"])

    @property
    def number(self) -> str:
        """The inspection's number."""
        return str(self.task["number"])

    def go(self) -> None:
        """Make the whole visit."""
        self.arrive()
        for page in self.pages():
            self.fill(page)
        self.finish()

    def arrive(self, phones: Sequence[Handset] = ()) -> None:
        """Arrive: position, badge, rights; then note who is there for the enterprise."""
        for phone in phones or (self.lead, self.member):
            self.save(
                phone,
                "start_visit",
                place=self.enterprise["address"],
                **self.position(),
                recording=f"执法记录仪 {phone.login[-4:]}",
            )
        if phones:
            return
        responsible, safety = self.people()
        self.save(self.lead, "participant", kind="responsible", **responsible)
        self.save(self.member, "participant", kind="safety", **safety)
        self.photograph(self.lead, "papers", "出示执法证件并说明来意", PLACES[0])

    def pages(self) -> Iterator[Page]:
        """Yield who looks at what: the two share the sections of every checklist."""
        sections = [(form, section) for form in self.forms for section in form.sections]
        for index, (form, section) in enumerate(sections):
            phone = (self.lead, self.member)[index % 2]
            items = [item for item, _ in placed(section.items)]
            for start in range(0, len(items), PAGE_ITEMS):
                yield Page(phone, form, items[start : start + PAGE_ITEMS])

    def fill(self, page: Page) -> None:
        """Look at everything on one page of a checklist, then save it with one tap."""
        if not any(self.is_asked(page.form, item) for item in page.items):
            return
        with self.together(page.phone):
            for item in page.items:
                if self.is_asked(page.form, item):
                    self.look_at(page.phone, page.form, item)

    def is_asked(self, form: Form, item: Item) -> bool:
        """Whether a person has to answer an item, by the answers of both phones so far."""
        if item.kind in NOT_ASKED or item.calculation is not None:
            return False
        return item.code in filled(form, self.answers[form.name], self.at).state().visible

    @contextmanager
    def together(self, phone: Handset) -> Iterator[None]:
        """Save what is captured inside as one entry, when it ends."""
        phone.ask("begin_page", self.at, task=self.id)
        yield
        phone.ask("end_page", self.at)

    def look_at(self, phone: Handset, form: Form, item: Item) -> None:
        """Answer one item, as the course of this visit wants it."""
        failing = self.failing()
        key = (form.name, item.code)
        if item.kind in ATTACHMENTS:
            self.photograph(
                phone, "machine", item.question, PLACES[0], answer_item=slot(form, item)
            )
            self.photos[form.name][item.code] = 1
        elif item.kind is not Kind.CHECK:
            self.enter(phone, form, item)
        elif key in failing:
            self.fail(phone, form, item, corrected=self.course.corrected and key == failing[0])
        elif key in self._some(MAY_BE_ABSENT, self.course.not_applicable):
            self.answer(phone, form, item, "not_applicable", NOT_HERE)
        elif key in self._some(MAY_BE_OFF, int(self.course.not_checked)):
            self.answer(phone, form, item, "not_checked", NOT_DONE)
        else:
            self.answer(phone, form, item, "pass")

    def answer(self, phone: Handset, form: Form, item: Item, result: str, reason: str = "") -> None:
        """Answer one item."""
        self.save(phone, "answer", item=slot(form, item), result=result, reason=reason)
        self.answers[form.name][item.code] = {"result": result, "reason": reason, "note": ""}

    def enter(self, phone: Handset, form: Form, item: Item) -> None:
        """Answer an item that asks for a value."""
        known = filled(form, self.answers[form.name], self.at)
        given = value_of(item, known, self.at, self.position())
        self.save(phone, "answer", item=slot(form, item), result="given", given=given)
        said = {"result": "given", "reason": "", "note": "", "given": given}
        self.answers[form.name][item.code] = said

    def fail(self, phone: Handset, form: Form, item: Item, *, corrected: bool = False) -> None:
        """Note a failure with its finding and photos."""
        self.answer(phone, form, item, "fail")
        self.find(phone, form, item, corrected=corrected)

    def find(self, phone: Handset, form: Form, item: Item, *, corrected: bool = False) -> None:
        """Note the finding of a failed item as the checklist suggests it, and take its photos."""
        given = self.answers[form.name]
        failed = frozenset(code for code, one in given.items() if one["result"] == "fail")
        suggestion = suggest(form, item, failed, self.at.date())
        place = self.chance.choice(PLACES)
        on = self.at.date()
        noted_as = finding_of(suggestion, self.laws, on, self.chance, corrected=corrected)
        value = noted_as | {"answer_item": slot(form, item), "place": place}
        finding = self.save(phone, "add_finding", value=value)
        noted = Found(value["level"], value["measure"])
        is_left = not value["corrected_on_site"] and value["measure"] != REFER
        self.is_ordered = self.is_ordered or is_left
        self.findings[form.name].setdefault(item.code, []).append(noted)
        scene = next((scene for part, scene in SCENES.items() if part in form.name), "machine")
        for _ in range(item.photos_on_failure):
            self.photograph(phone, scene, value["text"][:60], place, finding=finding)
        self.photos[form.name][item.code] = item.photos_on_failure

    def finish(self) -> None:
        """Read everything together, sign, and end the visit."""
        if self.course.large_photo:
            self.photograph(self.member, "machine", "车间全景", PLACES[1], large=True)
        if self.course.gap:
            self._declare_gap()
        self.save(self.lead, "note", text="检查情况已向被检查单位现场负责人说明，听取其意见。")
        if self.course.refuses:
            self.save(self.lead, "participant", kind="witness", phone="", **WITNESS)
        self.catch_up()
        self.check_complete()
        self.exchange()
        self.sign()

    def sign(self) -> None:
        """
        Both inspectors and the enterprise sign what both phones show.

        First the record; then the order, where it will demand anything: of the enterprise that is
        its receipt (签收), or its refusal before a witness.
        """
        self._sign("record")
        if self.is_ordered:
            self._sign("order")
        for phone in (self.lead, self.member):
            self.save(phone, "complete")

    def _sign(self, document: str) -> None:
        for phone, signer in ((self.lead, "lead"), (self.member, "member")):
            mine = next(one for one in self.task["team"] if one["user_id"] == phone.user)
            known = {"name": mine["name"], "officer_id": mine["officer_id"]}
            self.save(phone, "sign", signer=signer, document=document, **known)
        responsible, _ = self.people()
        refusal: dict[str, Any] = (
            {"refused": True, "refusal_reason": REFUSAL} if self.course.refuses else {}
        )
        enterprise = {"signer": "enterprise", "name": responsible["name"], **refusal}
        self.save(self.lead, "sign", document=document, **enterprise)
        if self.course.refuses:
            witness = {"signer": "witness", "name": WITNESS["name"]}
            self.save(self.lead, "sign", document=document, **witness)

    def exchange(self) -> None:
        """Hand the entries from phone to phone as a file, both ways; no network is needed."""
        for giver, taker in ((self.lead, self.member), (self.member, self.lead)):
            file = giver.file.with_suffix(f".{self.number}.partner")
            giver.ask("export", self.at, task=self.id, file=str(file))
            taker.ask("take_in", self.at, file=str(file))
            file.unlink()

    def catch_up(self) -> None:
        """Answer on the lead's phone what was only asked for by an answer further down."""
        for form in self.forms:
            items = {item.code: item for item in form.items}
            while missing := self.evaluated(form).missing:
                for code in missing:
                    self.look_at(self.lead, form, items[code])

    def check_complete(self) -> None:
        """
        Evaluate every checklist, as the phone does before it lets anybody sign.

        Raises:
            PhoneFailed: Something is missing or cannot stand.
        """
        for form in self.forms:
            found = self.evaluated(form)
            if not found.is_complete:
                said = f"{form.ref} 缺 {found.missing} 错 {found.invalid}"
                raise PhoneFailed(phone=self.lead.login, step="填写检查表", said=said)

    def evaluated(self, form: Form) -> Evaluation:
        """Return what the answers to one checklist mean."""
        return evaluate(
            form,
            self.answers[form.name],
            on=self.at.date(),
            photos=self.photos[form.name],
            findings=self.findings[form.name],
        )

    def photograph(
        self, phone: Handset, scene: str, caption: str, place: str, **values: Any
    ) -> None:
        """Take a photo."""
        where = f"{self.enterprise['name']} {place}"
        self.save(
            phone,
            "photograph",
            scene=scene,
            place=where,
            caption=caption,
            **self.position(),
            **values,
        )

    def save(self, phone: Handset, step: str, /, **values: Any) -> Any:
        """Let time pass and save something on a phone."""
        self.at += timedelta(seconds=self.chance.randint(40, 110))
        return phone.ask(step, self.at, task=self.id, **values)

    def position(self) -> dict[str, str]:
        """Return where the phone believes to be: near the registered place, as GPS is."""
        if not self.enterprise["latitude"]:
            return {}
        return {
            "latitude": f"{float(self.enterprise['latitude']) + self.chance.gauss(0, 5e-5):.6f}",
            "longitude": f"{float(self.enterprise['longitude']) + self.chance.gauss(0, 5e-5):.6f}",
            "accuracy_m": str(self.chance.randint(4, 15)),
            "datum": "WGS-84",
        }

    def people(self) -> tuple[dict[str, str], dict[str, str]]:
        """Return the responsible person of the registry, and an officer for safety of their own."""
        contacts = self.enterprise["contacts"] or [{}]
        contact = str(contacts[0].get("name") or "")
        chance = random.Random(f"{self.number}/safety")
        responsible = str(self.enterprise["legal_person"]) or contact or "陈安"
        others = [name for name in SAFETY_OFFICERS if name not in (responsible, contact)]
        safety = {
            "name": chance.choice(others),
            "position": "安全环保部经理",
            "phone": f"138{chance.randrange(10**8):08d}",
        }
        return {"name": responsible, "position": "总经理", "phone": ""}, safety

    def failing(self) -> list[tuple[str, str]]:
        """Return (form, code) of what fails here; the major ones last."""
        general, major = self._candidates()
        chance = random.Random(f"{self.number}/failing")
        few = chance.sample(general, min(self.course.general, len(general)))
        # The one to be corrected on the spot comes first.
        few.sort(key=lambda key: not self._item(key).correctable_on_site)
        return few + chance.sample(major, min(self.course.major, len(major)))

    def _candidates(self) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        general, major = [], []
        for form in self.forms:
            for item, around in form.placed:
                key = (form.name, item.code)
                conditions = [item.relevant, *(section.relevant for section in around)]
                if item.kind is not Kind.CHECK or any(conditions):
                    continue  # whether it is asked is not known beforehand
                if item.major is Major.NO:
                    general.append(key)
                if item.major is Major.YES and not item.major_needs:
                    major.append(key)
        return general, major

    def _some(self, codes: frozenset[str], count: int) -> list[tuple[str, str]]:
        """Return so many items among these codes, fewer when the rest fails or is not asked."""
        failing = self.failing()
        keys = [(form.name, item.code) for form in self.forms for item in form.items]
        left = [key for key in keys if key[1] in codes and key not in failing]
        return random.Random(f"{self.number}/some").sample(left, min(count, len(left)))

    def _item(self, key: tuple[str, str]) -> Item:
        form = next(form for form in self.forms if form.name == key[0])
        return next(item for item in form.items if item.code == key[1])

    def _declare_gap(self) -> None:
        begin, end = self.at - timedelta(minutes=9), self.at - timedelta(minutes=5)
        self.save(
            self.member,
            "declare_gap",
            begin=begin.isoformat(),
            end=end.isoformat(),
            reason="进入防爆区域，按规定关闭执法记录仪",
        )


def slot(form: Form, item: Item) -> str:
    """Return the item under which phones answer one checklist item."""
    return f"answer/{form.name}/{item.code}"


def pulled_visit(
    number: str, lead: Handset, member: Handset, course: Course, at: datetime
) -> Visit:
    """Return a visit made of nothing but what the lead's phone pulled while it had a network."""
    task = next(one for one in lead.ask("documents", at, kind="task") if one["number"] == number)
    known = {body["id"]: body for body in lead.ask("documents", kind="enterprise")}
    wanted = {one["name"]: one["content_sha256"] for one in task["forms"]}
    forms = [from_json(body) for body in lead.ask("documents", kind="form")]
    pinned = [form for form in forms if form.name in wanted]
    laws = {body["id"]: body["value"] for body in lead.ask("documents", kind="law")}
    return Visit(task, known[task["enterprise_id"]], pinned, laws, lead, member, course, at)
