"""What can go wrong in a draw, each with the next step."""

from inspect_server.domain.errors import InspectError


class EmptyPool(InspectError):
    """No enterprise can be drawn."""

    code, kind = "draw.empty_pool", "invalid"
    message = (
        "抽取池为空（登记 {registered} 家，全部被排除），请检查名录、年度计划和排除原因后重试。"
    )


class NothingToDraw(InspectError):
    """The pool has enterprises, but every cell's odds are zero."""

    code, kind = "draw.nothing_to_draw", "invalid"
    message = "抽取池中各单元的抽取概率均为 0，不会抽出任何企业，请先调整年度计划的抽查比例。"


class BadPool(InspectError):
    """A pool, exclusion or eligibility line is not as SJC-DRAW/1 writes it."""

    code, kind = "draw.bad_pool", "invalid"
    message = "{what}第 {line} 行不符合 SJC-DRAW/1 格式：{reason}，请核对文件后重试。"


class BadRules(InspectError):
    """The file of cells and odds cannot be used."""

    code, kind = "draw.bad_rules", "invalid"
    message = "规则文件有误：{reason}，请核对后重试。"


class BadTeamCase(InspectError):
    """The file of tasks, stages and officers cannot be used."""

    code, kind = "draw.bad_team_case", "invalid"
    message = "组队文件有误：{reason}，请核对后重试。"


class IssueUsed(InspectError):
    """Another commit takes chance from the same public value; verifiers reject both then."""

    code, kind = "draw.issue_used", "conflict"
    message = "{name}第 {issue} 期已由抽取 {draw_no} 使用，不能再用，请改用之后的一期。"


class IssueKnown(InspectError):
    """A commit names an issue of a public value that may be known before the commit."""

    code, kind = "draw.issue_known", "conflict"
    message = (
        "{name}第 {issue} 期在承诺之前可能已经产生，请改用承诺之后才产生的一期（{first} 起）；"
        "福彩期号扣除已公布的休市日推算。"
    )


class IssueNotYet(InspectError):
    """A reveal before the value of a public source can exist: whatever was typed is invented."""

    code, kind = "draw.issue_not_yet", "conflict"
    message = (
        "{name}第 {issue} 期最早 {first}（北京时间）产生，现在还没有可以录入的值，没有揭示；"
        "请在公布之后由两人对照公布结果录入，服务器时间不准的先校准。"
    )


class IssueTooLate(InspectError):
    """A commit names a public value that is not to come by the day of its own reveal."""

    code, kind = "draw.issue_too_late", "conflict"
    message = (
        "{name} 第 {issue} 期按已公布的休市安排最早 {first}（北京时间）产生，"
        "晚于最迟揭示日 {deadline}（未另定的为检查时段第一天），请改用较早的一期，"
        "或者另定最迟揭示日。"
    )


class BadCommit(InspectError):
    """The commit body cannot be used."""

    code, kind = "draw.bad_commit", "invalid"
    message = "抽取承诺内容有误：{reason}，请核对后重试。"


class BadEntropy(InspectError):
    """A source's value is not in its published grammar."""

    code, kind = "draw.bad_entropy", "invalid"
    message = "随机源“{source}”的值不可用：{reason}，请核对后重新输入。"


class EntriesDiffer(InspectError):
    """Two people typed two different values; neither was kept."""

    code, kind = "draw.entries_differ", "conflict"
    message = "两次录入的{what}不一致，均未保存，请两人各自对照{read_from}重新录入。"


class SamePerson(InspectError):
    """Both entries of a value came from one account."""

    code, kind = "draw.same_person", "forbidden"
    message = "{what}须由两名不同人员分别录入，请由另一名人员完成第二次录入。"


class TypistMayNot(InspectError):
    """Whoever typed a public value holds no role in the bureau's cases."""

    code, kind = "draw.typist_may_not", "forbidden"
    message = (
        "{which}录入人的账号没有办案角色（未分配角色，或者是系统管理、安全管理、审计账号），不能录入，"
        "请由执法、承办、审批、法制审核或内勤人员用本人账号录入。"
    )


class TypedTwice(InspectError):
    """One person typed the value of one source more than once."""

    code, kind = "draw.typed_twice", "invalid"
    message = "同一名录入人对 {source} 录入了不止一次，均未保存，请每个来源只录入一个值后重试。"


class WitnessValueMissing(InspectError):
    """A reveal without what the witness brings."""

    code, kind = "draw.witness_missing", "invalid"
    message = (
        "缺少 --witness 或 --witness-file：请见证方凭承诺书运行 inspect-server draw chain next "
        "--position 序号 --for 承诺值，取出所列序号的值，填入 --witness 后重试。"
    )


class BadChainValue(InspectError):
    """A value does not continue its hash chain."""

    code, kind = "draw.bad_chain_value", "invalid"
    message = "{holder}哈希链第 {position} 个值不能接上前一个公布值，请核对链文件和序号后重试。"


class ChainValueUsed(InspectError):
    """This position of the chain has already been revealed."""

    code, kind = "draw.chain_value_used", "conflict"
    message = "{holder}哈希链的这个值已在第 {position} 次抽取中用过，请取下一个值。"


class ChainExhausted(InspectError):
    """Every value of the chain has been revealed."""

    code, kind = "draw.chain_exhausted", "conflict"
    message = "哈希链共 {length} 个值，已全部用完，请生成新链并公布其锚值。"


class NoSuchPosition(InspectError):
    """The chain is shorter than the position asked for."""

    code, kind = "draw.no_such_position", "invalid"
    message = "该哈希链只有第 1 到第 {length} 个值，没有第 {position} 个，请按承诺所列的序号取值。"


class ChainMissing(InspectError):
    """No anchor of this kind is published for the year."""

    code, kind = "draw.chain_missing", "missing"
    message = (
        "{year} 年尚未公布{kind}哈希链锚值，"
        "请先生成（inspect-server draw chain new），"
        "再到“双随机抽取”的“哈希链”页面公布，或者用 inspect-server draw chain anchor。"
    )


class ChainExists(InspectError):
    """The year already has a chain of this kind; a second one would allow choosing between them."""

    code, kind = "draw.chain_exists", "conflict"
    message = "{year} 年的{kind}哈希链锚值已公布且尚未用完，不能另行公布，请继续使用现有链。"


class OpenCommitExists(InspectError):
    """The authority has a commit that is not revealed yet."""

    code, kind = "draw.open_commit", "conflict"
    message = (
        "本机关已有未揭示的抽取 {draw_no}，请先揭示（不能揭示的，作废）该次抽取，再发布新的承诺。"
    )


class AlreadyRevealed(InspectError):
    """A draw happens once per commit."""

    code, kind = "draw.already_revealed", "conflict"
    message = "抽取 {draw_no} 已于 {at} 揭示，同一承诺只能抽取一次，请查看其抽取证书。"


class SourcesChanged(InspectError):
    """The values given are not those that the commit declared."""

    code, kind = "draw.sources_changed", "conflict"
    message = "抽取 {draw_no} 承诺的随机源为 {declared}，与所给的值不一致，请逐一补齐后重试。"


class TeamsInfeasible(InspectError):
    """Some tasks cannot get a team; nothing was drawn."""

    code, kind = "draw.teams_infeasible", "conflict"
    message = (
        "无法为 {count} 个任务配齐检查人员（主要原因：{rule}；任务：{tasks}），"
        "本次未抽取任何结果，请补充可用执法人员或调整检查时段后重新承诺。"
    )


class RehearsalFailed(InspectError):
    """A draw held with a seed that is thrown away got no teams; the commit was not published."""

    code, kind = "draw.rehearsal_failed", "conflict"
    message = (
        "承诺前用一次性随机数试组队，"
        "有 {count} 个任务配不齐检查人员（主要原因：{rule}；任务：{tasks}）。"
        "试组队与将来的抽取结果无关，承诺没有发布，请补充可用执法人员或调整检查时段后重新承诺。"
    )


class TooFewOfficers(InspectError):
    """A visit needs two officers with valid 执法证 (行政处罚法 第四十二条)."""

    code, kind = "draw.too_few_officers", "invalid"
    message = (
        "检查时段内可派出的执法人员只有 {count} 名，每组不得少于 {needed} 名，"
        "请核对执法证有效期、休假和在岗状态后重试。"
    )


class NoLead(InspectError):
    """Nobody who may lead is available."""

    code, kind = "draw.no_lead", "invalid"
    message = "检查时段内没有可担任主办的执法人员，请在人员名录中标明可主办人员后重试。"


class DrawIsVoid(InspectError):
    """A void draw is disclosed, never continued."""

    code, kind = "draw.is_void", "conflict"
    message = "抽取 {draw_no} 已作废，不能再揭示，请重新发布承诺。"


class StoredDrawDamaged(InspectError):
    """What the database holds is no longer what was committed."""

    code, kind = "draw.damaged", "broken"
    message = "抽取 {draw_no} 的存储内容与承诺不符（{what}），请停止使用并从备份恢复。"


class BadSuite(InspectError):
    """The hash suite is neither sha256 nor sm3."""

    code, kind = "draw.bad_suite", "invalid"
    message = "哈希套件“{suite}”不受支持，请使用 sha256 或 sm3。"


class BadCertificate(InspectError):
    """The certificate's JSON cannot be read as a certificate at all."""

    code, kind = "draw.bad_certificate", "invalid"
    message = "抽取证书无法读取：{reason}，请核对文件是否完整。"


class BadChainFile(InspectError):
    """A chain's secret file cannot be used."""

    code, kind = "draw.bad_chain_file", "broken"
    message = "哈希链文件 {name} 不可用（{reason}），请从备份恢复该文件后重试。"


class ChainFileMissing(InspectError):
    """There is no secret file where it should be."""

    code, kind = "draw.chain_file_missing", "missing"
    message = (
        "找不到哈希链文件 {name}：尚未生成的请先运行 inspect-server draw chain new，"
        "已生成的请从备份恢复该文件。"
    )


class ChainFileExists(InspectError):
    """A chain is never replaced, only used up."""

    code, kind = "draw.chain_file_exists", "conflict"
    message = (
        "该链已经生成（文件 {name}），不能覆盖；"
        "请继续使用它，下一步用 inspect-server draw chain anchor 公布锚值。"
    )


class NotRevealed(InspectError):
    """There is no result in which somebody could be replaced."""

    code, kind = "draw.no_result", "conflict"
    message = "抽取 {draw_no} 尚未揭示，没有可以替补的结果，请先完成揭示。"


class ReplacementNotAllowed(InspectError):
    """Nobody can be replaced like this."""

    code, kind = "draw.replacement_not_allowed", "conflict"
    message = "不能这样替补：{reason}，请在该次抽取的页面（draw show）核对抽取结果后重试。"


class NobodyLeft(InspectError):
    """After every declared relaxation nobody is left to come in."""

    code, kind = "draw.nobody_left", "conflict"
    message = "{what}已没有可以替补的{whom}。{instead}"


class ReplacementPending(InspectError):
    """A request waits for its witness value; it is completed before the next one is made."""

    code, kind = "draw.replacement_pending", "conflict"
    message = (
        "抽取 {draw_no} 的第 {k} 次替补已登记申请、尚未完成，"
        "请先在该次抽取的替补页面（draw replace complete）录入见证方的值。"
    )


class NoReplacementPending(InspectError):
    """There is nothing to complete."""

    code, kind = "draw.no_replacement_pending", "conflict"
    message = "抽取 {draw_no} 没有待完成的替补，请先在替补页面（draw replace request）登记申请。"


class ApproverConcerned(InspectError):
    """Whoever is replaced, or is on the team, does not approve the replacement."""

    code, kind = "draw.approver_concerned", "forbidden"
    message = "批准人是本次替补涉及的人员，应当回避，请由其他审批人员批准。"


class VoidNotAllowed(InspectError):
    """This draw cannot be made void like this."""

    code, kind = "draw.void_not_allowed", "conflict"
    message = "抽取 {draw_no} 不能这样作废：{reason}，请核对后重试。"


class WitnessHasKey(InspectError):
    """A consent on paper, although the witness's key is published and nothing was said of it."""

    code, kind = "draw.witness_has_key", "conflict"
    message = (
        "抽取 {draw_no} 的见证方已随锚值公布公钥，作废应由其电子签名（draw chain cosign）；"
        "确实不能使用密钥的，请重新登记申请并写明书面签署的原因，批准后再交扫描件。"
    )


class BadCosignature(InspectError):
    """The witness's consent to a void does not hold."""

    code, kind = "draw.bad_cosignature", "invalid"
    message = "见证方的签署不可用：{reason}，请见证方按申请所列内容重新签署。"


class NoWitnessKey(InspectError):
    """A signature was given for a chain whose anchor was published without a key."""

    code, kind = "draw.no_witness_key", "conflict"
    message = (
        "抽取 {draw_no} 所用的见证方哈希链没有随锚值公布公钥，电子签名无从核对，"
        "请见证方书面签署，再在作废页面（draw void {draw_no} --paper）交扫描件。"
    )


class BadTimestamp(InspectError):
    """A timestamp is not one on this commit."""

    code, kind = "draw.bad_timestamp", "invalid"
    message = "时间戳不可用：{reason}，请用 draw timestamp --request 重新生成申请并向机构申领。"


class TimestampTooLate(InspectError):
    """What was stamped after the reveal proves nothing of what was before it."""

    code, kind = "draw.timestamp_too_late", "conflict"
    message = "抽取 {draw_no} 已揭示或作废，事后的时间戳不能证明承诺在先，不再收存。"
