"""A phone that was lost and revoked: it is told so, loses nothing, and another one goes on."""

from inspect_server.usecases.journal.inbox import accept_entry, revoke_replica
from tests.phone.browser.conftest import NewPhone
from tests.phone.browser.phone_page import Handset
from tests.phone.browser.site import Site


def hashes(phone: Handset) -> set[str]:
    return {row["hash"] for row in phone.held()}


def revoke(site: Site, phone: Handset) -> None:
    """As a supervisor does on the page 手机."""
    (replica,) = {row["replica"] for row in phone.held()}
    with site.backend.begin(site.bureau.author) as work:
        revoke_replica(work, replica, "手机遗失")


def test_a_revoked_phone_keeps_all_and_delivers_it_for_a_ruling_while_another_one_goes_on(
    site: Site, new_phone: NewPhone
) -> None:
    old, new = new_phone(), new_phone()
    old.enrol("officer0", label="旧手机")
    old.begin()
    old.answer("A1", "符合")
    old.sync()
    before = hashes(old)
    old.open_task()
    old.enter()
    old.step("检查表")
    old.context.set_offline(True)
    old.answer("A2", "不适用")
    (missed,) = hashes(old) - before
    revoke(site, old)
    old.context.set_offline(False)
    old.go_to("同步")
    old.press("立即同步")
    old.see("本机已被停用，停用后送达的内容没有计入检查记录，本机也不能再下载任务。")
    old.see("内容已原样送达服务器并留存，没有丢失，手机上也仍保留。")
    old.see("本机已被停用，不能再下载任务。")
    old.shows({"A1": "符合"})
    old.shows_no_answer("A2")  # it does not count
    refusals = [old.complaints.pop() for _ in list(old.complaints)]
    inbox = site.command("journal", "inbox")
    quarantined = site.stored()
    new.enrol("officer0", label="新手机")
    new.shows({"A1": "符合"})
    new.shows_no_answer("A2")
    new.answer("A3", "符合")
    new.sync()
    with site.backend.begin(site.bureau.author) as work:
        accept_entry(work, missed, "经核实，停用前所填")
    new.sync()
    new.shows({"A1": "符合", "A2": "不适用", "A3": "符合"})

    assert all("403" in one and one.endswith("/sync/v1/pull") for one in refusals)
    assert quarantined == dict.fromkeys(before, "applied") | {missed: "quarantined"}
    (told,) = [line for line in inbox.splitlines() if line.startswith(missed)]
    assert "赵检查" in told
    assert "手机已停用" in told
    assert hashes(old) == before | {missed}
    site.has_all(old, new)
    assert set(site.stored().values()) == {"applied"}
