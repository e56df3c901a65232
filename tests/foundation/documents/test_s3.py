"""The same files in an S3 bucket, spoken to over HTTP."""

import uuid
from datetime import timedelta

import boto3
import pytest
from django.core.files.storage import default_storage
from django.utils import timezone
from moto.server import ThreadedMotoServer

from config import environment
from foundation import documents, timers
from foundation.documents import steps
from foundation.documents.purposes import Purpose
from foundation.doors import Actor
from tests.foundation.documents import corpus
from tests.foundation.documents.attaching import attached, bytes_of, in_a_door

pytestmark = pytest.mark.django_db
READER = Actor.referee(3)


@pytest.fixture(scope="module")
def s3_server():
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(s3_server, settings, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    name = f"portal-{uuid.uuid4().hex}"
    client = boto3.client("s3", endpoint_url=s3_server, region_name="eu-west-2")
    client.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-2"})
    settings.STORAGES = {
        **settings.STORAGES,
        "default": environment.storage(f"s3://{name}?region=eu-west-2&endpoint={s3_server}"),
    }

    def keys():
        return {found["Key"] for found in client.list_objects_v2(Bucket=name).get("Contents", [])}

    yield keys
    client.close()


def received():
    return documents.receive(corpus.upload("a.pdf", corpus.plain()), purpose=Purpose.CV)


def test_kept_read_and_removed(bucket, django_capture_on_commit_callbacks):
    file = received()
    assert bucket() == {file.storage_name}
    version = attached(file, stream=uuid.uuid4())
    response = documents.serve(version, reader=READER, reason="review")
    assert len(bytes_of(response)) == file.size
    picture = documents.serve_page(version, 1, width=400, reader=READER, reason="review")
    assert picture.content.startswith(b"\x89PNG")
    assert len(bucket()) == 2
    with django_capture_on_commit_callbacks(execute=True):
        in_a_door(lambda: steps.discard(version.document), actor=READER)
    assert bucket() == set()


def test_scanned_from_there(bucket, fake_clamd):
    version = attached(received(), stream=uuid.uuid4())
    timers.get("documents.scan").run(timezone.now(), False)
    version.refresh_from_db()
    assert version.is_clean


def test_orphans_are_removed(bucket):
    kept, orphan = received(), received()
    attached(kept, stream=uuid.uuid4())
    sweep = timers.get("documents.remove_orphans")
    assert sweep.run(timezone.now(), False) == [], "not before a day"
    assert sweep.run(timezone.now() + timedelta(days=2), False) == [f"remove {orphan.storage_name}"]
    assert bucket() == {kept.storage_name}


def test_no_link_to_the_storage_is_given_out(bucket):
    version = attached(received(), stream=uuid.uuid4())
    response = documents.serve(version, reader=READER, reason="review")
    assert bytes_of(response)
    assert response.status_code == 200
    assert "Location" not in response
    assert default_storage.exists(version.storage_name)
