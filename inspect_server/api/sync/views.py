"""The endpoints of the protocol: request in, use case, answer out."""

from flask import Blueprint, Response

from inspect_server.api.sync import requests
from inspect_server.api.sync.answers import answer, register_problems, stored_file
from inspect_server.api.sync.uploads import add_upload_routes
from inspect_server.usecases.phones.enrol_replica import enrol_replica, give_nonce
from inspect_server.usecases.phones.issue_receipt import issue_receipt
from inspect_server.usecases.phones.preview_document import preview_document
from inspect_server.usecases.phones.pull_phone import pull_phone, replica_state
from inspect_server.usecases.phones.push_entries import push_entries
from inspect_server.usecases.phones.receive_blob import fetch_blob, wanted
from inspect_server.usecases.work import Backend
from inspect_server.web.guard import SIGNED, policy
from sync import previews, protocol


def create_sync_blueprint(backend: Backend) -> Blueprint:
    """
    Return the sync endpoints below /sync/v1.

    They carry no cookies and take none: every request is signed by a replica's key, pulls and
    downloads also carry the user's token, uploads a token of their own. CSRF protection and
    sessions do not apply here.
    """
    blueprint = Blueprint("sync", __name__, url_prefix=protocol.PREFIX)
    register_problems(blueprint)
    _add_enrolment(blueprint, backend)
    _add_journal(blueprint, backend)
    _add_blobs(blueprint, backend)
    _add_documents(blueprint, backend)
    add_upload_routes(blueprint, backend)
    return blueprint


def _add_enrolment(blueprint: Blueprint, backend: Backend) -> None:
    @blueprint.get("/nonce")
    @policy(SIGNED)
    def nonce() -> Response:
        """Give a nonce for one enrolment."""
        return answer(give_nonce(backend))

    @blueprint.post("/replicas")
    @policy(SIGNED)
    def replicas() -> Response:
        """Enrol a replica under its user's login."""
        _, message = requests.signed_by_new_key()
        return answer(enrol_replica(backend, message))


def _add_journal(blueprint: Blueprint, backend: Backend) -> None:
    @blueprint.get("/state")
    @policy(SIGNED)
    def state() -> Response:
        """Say where the asking replica stands."""
        return answer(replica_state(backend, *requests.state_question(backend)))

    @blueprint.post("/push")
    @policy(SIGNED)
    def push() -> Response:
        """Take in entries; what is answered is durable."""
        return answer(push_entries(backend, requests.push_request(backend)))

    @blueprint.post("/pull")
    @policy(SIGNED)
    def pull() -> Response:
        """Give the next page of what changed."""
        by = requests.signed(backend)
        message = by.message(protocol.PullRequest)
        return answer(pull_phone(backend, requests.puller(backend, by), message))

    @blueprint.post("/receipts")
    @policy(SIGNED)
    def receipts() -> Response:
        """Sign a receipt for the asking replica."""
        return answer(issue_receipt(backend, requests.receipt_request(backend)))


def _add_documents(blueprint: Blueprint, backend: Backend) -> None:
    @blueprint.post("/previews")
    @policy(SIGNED)
    def previewed() -> Response:
        """Set a document of a task as it would be issued now, or give the issued one."""
        by = requests.signed(backend)
        message = by.message(previews.PreviewRequest)
        return answer(preview_document(backend, requests.puller(backend, by), message))


def _add_blobs(blueprint: Blueprint, backend: Backend) -> None:
    @blueprint.post("/blobs/have")
    @policy(SIGNED)
    def have() -> Response:
        """Say which files are missing, with a token to upload each."""
        by = requests.signed(backend)
        message = by.message(protocol.HaveRequest)
        return answer(protocol.HaveReply(wanted(backend, by.replica_id, message.sha256)))

    @blueprint.get("/blobs/<string(length=64):sha256>")
    @policy(SIGNED)
    def blob(sha256: str) -> Response:
        """Give a file that the user may see."""
        by = requests.signed(backend)
        user = requests.puller(backend, by).user_id
        return stored_file(fetch_blob(backend, user, sha256))
