"""
The verifier: recomputes a whole draw from its certificate and the published lines.

It needs no database and believes nothing that it can compute. What it was not given it reports as
unchecked, apart from what is wrong. It alone states the assurance level.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import Any

from inspect_server.domain.draw import certificate as cert
from inspect_server.domain.draw.ceremony.dice import dice_among
from inspect_server.domain.draw.checks.bases import check_bases, wrong_among
from inspect_server.domain.draw.checks.comparing import (
    Mismatch,
    NotGiven,
    bytes_of,
    integer,
    same,
)
from inspect_server.domain.draw.checks.keys import check_form, check_ids
from inspect_server.domain.draw.checks.openings import check_openings
from inspect_server.domain.draw.checks.report import LEVELS, Check, Report, Verdict
from inspect_server.domain.draw.checks.revealed import (
    Chains,
    check_revealed,
    moment_of_dice,
)
from inspect_server.domain.draw.checks.structure import well_formed
from inspect_server.domain.draw.checks.timestamps import CheckTimestamp, token_in
from inspect_server.domain.draw.checks.together import check_together
from inspect_server.domain.draw.commit import CommitBody
from inspect_server.domain.draw.eligibility import Eligibility
from inspect_server.domain.draw.eligibility import parse as parse_eligibility
from inspect_server.domain.draw.entropy import Source, SourceKind
from inspect_server.domain.draw.pool import (
    EXCLUDED,
    POOL,
    Leaves,
    by_cell,
    is_hash,
    lines_root,
    parse,
)
from inspect_server.domain.draw.replacement.choosing import replayed
from inspect_server.domain.draw.replacement.standing import as_drawn, ground_of, witness_of
from inspect_server.domain.draw.replacement.void import VOID_NAMES, Void
from inspect_server.domain.draw.seed import seed_of
from inspect_server.domain.draw.selection import Selection, select
from inspect_server.domain.draw.staffing import Place
from inspect_server.domain.errors import InspectError

__all__ = ["LEVELS", "Check", "Evidence", "Report", "Verdict", "verify"]


@dataclass(frozen=True)
class Evidence:
    """What the verifier is given. None: not given, so not checked."""

    certificate: Mapping[str, Any]
    pool: Sequence[str]
    excluded: Sequence[str] | None = None
    eligibility: Sequence[str] | None = None
    openings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # c -> salt, record
    keys: Mapping[str, bytes] | None = None  # key id -> raw Ed25519 public key
    witness_keys: Mapping[str, bytes] | None = None  # the same, published with their anchors
    check_signature: cert.CheckSignature | None = None
    check_timestamp: CheckTimestamp | None = None  # None: only whether it names this commit
    others: Sequence[Mapping[str, Any]] = ()  # certificates of the authority's other draws


UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError)
"""What broken JSON of any shape can raise on its way through the checks."""


_REVEALED = {"随机源", "掷骰登记", "种子", "各单元抽取数", "抽中企业", "检查人员", "替补"}


def verify(evidence: Evidence) -> Report:
    """Check everything that the evidence allows; never raises for a bad certificate."""
    try:
        body = well_formed(evidence.certificate)
    except (Mismatch, InspectError) as error:
        return Report((Check("证书结构", Verdict.WRONG, str(error)),), None)
    checker = _Checker(evidence, body)
    checks = [Check("证书结构", Verdict.RIGHT)]
    for what, step in checker.steps():
        checker.wrong = wrong_among(checks)
        try:
            check_bases(what, checker.wrong)
            checks.append(Check(what, Verdict.RIGHT, step() or ""))
        except NotGiven as reason:
            checks.append(Check(what, Verdict.UNCHECKED, str(reason)))
        except (Mismatch, InspectError) as error:
            checks.append(Check(what, Verdict.WRONG, str(error)))
        except UNREADABLE:
            checks.append(Check(what, Verdict.WRONG, "内容不可读，写法与公布的格式不符"))
    report = Report(tuple(checks), None)
    unchecked = {check.what for check in checks if check.verdict is Verdict.UNCHECKED}
    stands = report.ok and cert.VOID not in evidence.certificate and "替补" not in unchecked
    return Report(report.checks, _level(body, checker.is_stamped) if stands else None)


def _level(body: CommitBody, is_stamped: bool) -> int | None:
    if body.is_compute:
        return None
    kinds = {source.kind for source in body.sources}
    if SourceKind.WITNESS not in kinds:  # dice are no witness: whoever types them comes last
        return 0
    return (3 if is_stamped else 2) if SourceKind.PUBLIC in kinds else 1


class _Checker:
    """The checks in the order in which one explains them; each returns a detail or raises."""

    def __init__(self, evidence: Evidence, body: CommitBody) -> None:
        self.evidence, self.body, self.h = evidence, body, body.hash
        self.certificate = evidence.certificate
        self.chains = Chains(self.h)
        self.is_stamped = False  # by an authority whose root the reader gave
        self.wrong: set[str] = set()  # parts so far

    def steps(self) -> list[tuple[str, Any]]:
        """Return (what, step)."""
        both = [
            ("承诺值", self.commit),
            ("抽取池", self.pool),
            ("随机源", self.entropy),
            ("种子", self.seed),
            ("各单元抽取数", self.counts),
            ("抽中企业", self.selected),
            ("检查人员", self.teams),
            ("替补", self.replacements),
            ("抽中企业身份", self.openings),
            ("时间戳", self.timestamps),
            ("作废", self.void),
            ("记录位置", self.log_head),
            ("签名", self.signatures),
        ]
        if self.evidence.others:
            both.append(("其他证书", self.others))
        if self.body.is_compute:
            return both
        if dice_among(self.body.sources):
            both.append(("掷骰登记", self.dice))
        if cert.VOID in self.certificate and self.certificate["entropy"] == []:
            left_out = [step for step in both if step[0] in _REVEALED]
            both = [step for step in both if step not in left_out]
            both.insert(2, ("未揭示", self.never_revealed))
        return [*both[:2], ("排除清单", self.excluded), ("资格清单", self.eligibility), *both[2:]]

    @cached_property
    def included(self) -> Leaves:
        """The pool's lines, read once."""
        return parse(self.evidence.pool, POOL)

    def commit(self) -> str:
        """The commit is the hash of the body."""
        same(self.certificate["commit"], self.body.digest().hex(), "承诺值与承诺内容不符")
        return self.body.digest().hex()

    def pool(self) -> str:
        """The lines are those that were committed to, and as many."""
        by_cell(self.body.cells, self.included)
        same(lines_root(self.h, self.evidence.pool), self.body.data["pool_root"], "根哈希不符")
        if not self.body.is_compute:
            included = self.body.data["counts"]["included"]
            same(len(self.evidence.pool), included, "行数与承诺不符")
        return f"{len(self.evidence.pool)} 行"

    def excluded(self) -> str:
        """The exclusions are those that were committed to, and nobody is in both lists."""
        if self.evidence.excluded is None:
            raise NotGiven("未提供排除清单")
        excluded = parse(self.evidence.excluded, EXCLUDED)
        root = lines_root(self.h, self.evidence.excluded)
        same(root, self.body.data["excluded_root"], "根哈希不符")
        out = set(chain(*excluded.values()))
        same(len(out), self.body.data["counts"]["excluded"], "行数与承诺不符")
        if POOL not in self.wrong and not out.isdisjoint(chain(*self.included.values())):
            raise Mismatch("同一承诺值同时在抽取池和排除清单中")
        return f"{len(out)} 行"

    def eligibility(self) -> str:
        """The officers' lines are those that were committed to."""
        found = self.officers
        root = lines_root(self.h, self.evidence.eligibility or ())
        same(root, self.body.data["eligibility_root"], "根哈希不符")
        return f"{len(found.officers)} 名执法人员"

    def entropy(self) -> str:
        """Every declared source has exactly one value of its grammar; chains lead to anchors."""
        given = self.certificate["entropy"]
        if not given:
            raise Mismatch("没有随机值")
        for part in given:
            same(set(part), {"source", "issue", "bytes_hex", "proof"}, "随机源字段不全或多余")
        if self.body.is_compute:
            wanted = [(cert.GIVEN, str(number), "") for number in range(1, len(given) + 1)]
            got = [(part["source"], part["issue"], part["proof"]) for part in given]
            same(got, wanted, "随机源写法不符")
            return f"{len(given)} 个，直接给定"
        sources = self.body.sources
        same(len(given), len(sources), "随机源个数与承诺不符")
        for source, part in zip(sources, given, strict=True):
            check_revealed(self.chains, source, part)
        return "、".join(source.label() for source in sources)

    def dice(self) -> str:
        """Dice lie in the draw log before the public value; when, only that log can show."""
        raise NotGiven(moment_of_dice(self.certificate["entropy"]))

    @cached_property
    def drawn_seed(self) -> bytes:
        """The seed that follows from the commit and the entropy."""
        entropy = [bytes_of(part["bytes_hex"]) for part in self.certificate["entropy"]]
        return seed_of(self.h, self.body.digest(), entropy)

    @cached_property
    def selection(self) -> Selection:
        """Whom the seed selects, computed once."""
        leaves = by_cell(self.body.cells, self.included)
        return select(self.h, self.drawn_seed, self.body.cells, leaves)

    @cached_property
    def officers(self) -> Eligibility:
        """The officers' lines, read once."""
        if self.evidence.eligibility is None:
            raise NotGiven("未提供资格清单")
        return parse_eligibility(self.evidence.eligibility)

    @cached_property
    def places(self) -> list[Place] | None:
        """The teams that the seed leads to, computed once; None: infeasible."""
        return cert.places_of(self.body, self.drawn_seed, self.selection, self.officers)

    def seed(self) -> str:
        """The seed follows from the commit and the entropy."""
        same(self.certificate["seed"], self.drawn_seed.hex(), "种子与随机源不符")
        return self.drawn_seed.hex()

    def counts(self) -> str:
        """Each cell gives the floor or the ceiling of its share."""
        found = self.selection
        same(integer(self.certificate["r"]), found.r, "取整偏移 r 不符")
        counts = [integer(n) for n in self.certificate["counts"]]
        same(counts, list(found.counts), "各单元抽取数不符")
        return f"共 {sum(found.counts)} 家"

    def selected(self) -> str:
        """The selected are the lowest tickets of each cell, in order."""
        bare = [
            {key: one[key] for key in one if key != "opening"} if "opening" in one else one
            for one in self.certificate["selected"]
        ]
        same(bare, cert.selected_json(self.selection), "抽中名单不符")
        return f"{len(bare)} 家"

    def teams(self) -> str:
        """The teams are the only ones that the committed lines and the seed allow."""
        if self.body.is_compute:
            same(self.certificate["teams"], [], "不应有检查人员")
            return "不含检查人员"
        places = self.places
        if places is None:
            raise Mismatch("按承诺的规则无法组队，证书却写有人员")
        same(self.certificate["teams"], cert.teams_json(places), "检查人员不符")
        for row in self.certificate["teams"]:
            integer(row["attempt"])
        return f"{len(places)} 人次"

    def openings(self) -> str:
        """An opened identity is of somebody chosen, and the one that was committed to."""
        opened = check_openings(self.h, self.certificate, self.evidence.openings)
        if not opened:
            raise NotGiven("尚未公开身份")
        return f"{opened} 家"

    def timestamps(self) -> str:
        """Every timestamp is on this commit, and by an authority that the reader trusts."""
        stamps = self.certificate["timestamps"]
        if not stamps:
            return "无"
        same(self.body.is_compute, False, "不应有时间戳")
        commit, check = self.body.digest(), self.evidence.check_timestamp
        tokens = [token_in(one, commit) for one in stamps]
        if len(set(tokens)) != len(tokens):
            raise Mismatch("同一时间戳写了两次")
        known = [at for token in tokens if check and (at := check(token, commit)) is not None]
        if not known:
            raise NotGiven(f"{len(stamps)} 个，对应本承诺值；未提供签发机构的根证书，未验签名")
        first = f"{min(known):%Y-%m-%d %H:%M:%S} UTC"
        for source in self.body.sources:
            if source.may_be_known(min(known)):
                raise NotGiven(f"{first}，此时{source.label()} 可能已经产生，证明不了承诺在先")
        self.is_stamped = True
        return first

    def never_revealed(self) -> str:
        """A draw that was void before its reveal has no result of any kind."""
        wanted = cert.unrevealed(self.body, "")
        for key in ("seed", "r", "counts", "selected", "teams", "replacements"):
            same(self.certificate[key], wanted[key], f"尚未揭示即作废，{key} 应为空")
        integer(self.certificate["r"])
        return "揭示前作废，没有结果"

    def replacements(self) -> str:
        """Every replacement is the only one that its request and the witness's value allow."""
        rows = self.certificate["replacements"]
        if not rows:
            return "无"
        if self.body.is_compute:
            raise Mismatch("不应有替补")
        if self.evidence.eligibility is None:
            raise NotGiven("未提供资格清单，不给出保证等级")
        declared = witness_of(self.body)
        if declared is None:
            raise Mismatch("承诺没有见证方哈希链，不能替补")
        leaves = by_cell(self.body.cells, self.included)
        ground = ground_of(self.body, self.drawn_seed, leaves, self.officers)
        standing = as_drawn(self.selection, self.places or (), ground.rules, declared)
        used = {declared.name}
        for row in rows:
            standing = replayed(ground, standing, row)
            if row["source"] not in used:
                self.chains.add(Source(SourceKind.WITNESS, row["source"], row["issue"]))
                used.add(row["source"])
        if len(used) > 1:
            raise NotGiven(
                f"{len(rows)} 次均可重算，其中用了承诺以外的链，"
                "是否为见证方公布的新链需核对其公布，不给出保证等级"
            )
        return f"{len(rows)} 次"

    def void(self) -> str:
        """A void is for a listed reason, and a witness agreed to it."""
        check_ids(self.evidence.witness_keys)
        if cert.VOID not in self.certificate:
            return "未作废"
        found = Void.from_json(self.certificate[cert.VOID])
        if self.body.is_compute or (self.certificate["entropy"] and found.is_too_late):
            raise Mismatch("不能以此理由作废")
        keys, check = self.evidence.witness_keys, self.evidence.check_signature
        if found.paper_sha256:
            if keys and found.because is None:
                raise Mismatch("见证方的公钥已经公布，却为书面签署且未写明原因")
            raise NotGiven(f"见证方{found.signed_how}，需对照原件")
        check_form(self.certificate[cert.VOID]["cosigned"])
        if keys is None or check is None:
            raise NotGiven("未提供见证方公钥")
        message = found.message(self.h, self.body.data["draw_no"], self.certificate["commit"])
        key = keys.get(found.key_id)
        if key is None or not check(key, bytes_of(found.signature_hex), message):
            raise Mismatch("见证方签名与内容不符，或其公钥未公布")
        return f"已作废：{VOID_NAMES[found.reason]}"

    def log_head(self) -> str:
        """The head of the draw log is a leaf; whether it is in the log, the log's owner shows."""
        head = self.certificate["log_head"]
        if self.body.is_compute:
            same(head, "", "不应有记录位置")
            return "无"
        if not is_hash(head):
            raise Mismatch("应为 64 位小写十六进制")
        raise NotGiven("需对照全过程记录")

    def signatures(self) -> str:
        """Every signature is by a known key and holds."""
        signatures = self.certificate["signatures"]
        check_ids(self.evidence.keys)
        for one in signatures:
            check_form(one)
        if len({one["key_id"] for one in signatures}) != len(signatures):
            raise Mismatch("同一公钥签了两次")
        keys, check = self.evidence.keys, self.evidence.check_signature
        if self.body.is_compute and not signatures:
            return "无"
        if keys is None or check is None:
            raise NotGiven("未提供公钥")
        if not signatures:
            raise Mismatch("证书没有签名")
        covered = cert.signed_bytes(self.h, self.certificate)
        for one in signatures:
            key = keys.get(one["key_id"])
            if key is None:
                raise Mismatch(f"公钥 {one['key_id']} 未公布")
            if not check(key, bytes_of(one["ed25519_hex"]), covered):
                raise Mismatch("签名与内容不符")
        return f"{len(signatures)} 个"

    def others(self) -> str:
        """No other commit takes chance from where this one does, and none draws its batch."""
        return check_together(self.certificate, self.evidence.others)
