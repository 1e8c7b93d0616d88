"""The networks of this installation, for programs."""

from fastapi import APIRouter

from app.networks.manifest import read_manifest
from app.networks.refusals import NetworkUnknown
from app.networks.registry import entry_of
from app.problems import NotFound
from app.web.api.models import NetworkOut, Page
from app.web.api.problems import problems
from app.web.fields import Key
from app.web.security import HouseDep, Program

router = APIRouter(prefix="/api/v1/networks", tags=["networks"], responses=problems())


@router.get("", summary="List the networks")
def list_networks(user: Program, house: HouseDep) -> Page[NetworkOut]:
    """Return all networks, in the order of the manifest."""
    manifest = read_manifest(house.settings.models)
    return Page(items=[NetworkOut.of(entry) for entry in manifest.networks])


@router.get("/{name}", summary="Show a network", responses=problems(404))
def show_network(name: Key, user: Program, house: HouseDep) -> NetworkOut:
    """Return one network: what it reads, its threshold, the digests of its files."""
    try:
        return NetworkOut.of(entry_of(read_manifest(house.settings.models), name))
    except NetworkUnknown as unknown:
        raise NotFound(unknown.sentence) from unknown
