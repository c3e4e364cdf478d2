"""Documents of a user who is logged in."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from livetrail import actions, log_activity
from starlette.datastructures import UploadFile

from .. import documents
from ..access import signed_in
from ..pages import SEE_OTHER, Refused, render, see_other
from ..visitor import Db, Visitor

router = APIRouter(prefix="/documents")
# A form's own parts come on top of the file. A longer body is read to its end, as far as this bound, so that the
# browser shows the answer instead of a broken connection.
MAX_BODY = documents.MAX_BYTES + 16 * 1024
MAX_DRAINED = 32 * 1024 * 1024


@router.get("")
def documents_page(
    request: Request, db: Db, visitor: Annotated[Visitor, Depends(signed_in(actions.DOCUMENT_LIST))]
) -> Response:
    found = documents.of_user(db, visitor.id)
    log_activity(request, visitor.id, actions.DOCUMENT_LIST, status_code=200, details={"results_count": len(found)})
    return render(request, visitor, "documents.html", documents=found)


@router.post("")
async def upload(
    request: Request, db: Db, visitor: Annotated[Visitor, Depends(signed_in(actions.DOCUMENT_UPLOAD))]
) -> Response:
    if int(request.headers.get("content-length") or MAX_BODY + 1) > MAX_BODY:
        await _drain(request)
        raise _too_large(visitor)
    async with request.form(max_files=1) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile) or not file.filename:
            raise Refused(422, "Choose a file first.", visitor, actions.DOCUMENT_UPLOAD)
        name, content = file.filename[:120], await file.read()
    if len(content) > documents.MAX_BYTES:
        raise _too_large(visitor)
    document_id = documents.add(db, visitor.id, name, content)
    log_activity(
        request, visitor.id, actions.DOCUMENT_UPLOAD, status_code=SEE_OTHER, resource_type="document",
        target_resource_id=document_id, details={"file_name": name, "size_bytes": len(content)},
    )  # fmt: skip
    return see_other("/documents")


@router.get("/{document_id}")
def status_page(
    request: Request, db: Db, document_id: str, visitor: Annotated[Visitor, Depends(signed_in(actions.DOCUMENT_STATUS))]
) -> Response:
    document = documents.find(db, visitor.id, document_id)
    if document is None:
        raise _no_such_document(visitor, actions.DOCUMENT_STATUS, document_id)
    _log(request, visitor, actions.DOCUMENT_STATUS, document_id, 200)
    return render(request, visitor, "document.html", document=document, reading=documents.status(document["content"]))


@router.post("/{document_id}/delete")
def delete(
    request: Request, db: Db, document_id: str, visitor: Annotated[Visitor, Depends(signed_in(actions.DOCUMENT_DELETE))]
) -> Response:
    if not documents.delete(db, visitor.id, document_id):
        raise _no_such_document(visitor, actions.DOCUMENT_DELETE, document_id)
    _log(request, visitor, actions.DOCUMENT_DELETE, document_id, SEE_OTHER)
    return see_other("/documents")


async def _drain(request: Request) -> None:
    seen = 0
    async for chunk in request.stream():
        seen += len(chunk)
        if seen > MAX_DRAINED:
            return


def _log(request: Request, visitor: Visitor, action: str, document_id: str, status: int) -> None:
    log_activity(
        request, visitor.id, action, status_code=status, resource_type="document", target_resource_id=document_id
    )


def _too_large(visitor: Visitor) -> Refused:
    return Refused(413, "A document may have 1 MB at most.", visitor, actions.DOCUMENT_UPLOAD, error_type="TooLarge")


def _no_such_document(visitor: Visitor, action: str, document_id: str) -> Refused:
    return Refused(
        404, "There is no such document.", visitor, action, resource_type="document", target_resource_id=document_id
    )
