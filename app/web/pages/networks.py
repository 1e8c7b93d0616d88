"""The networks there are, and their cards. For everyone who is signed in."""

from fastapi import APIRouter, Request, Response

from app.networks.manifest import read_manifest
from app.networks.refusals import NetworkRefused, NetworkUnknown
from app.networks.registry import entry_of
from app.problems import NotFound
from app.web.cards import read_card
from app.web.fields import Key
from app.web.pages.networks_views import NetworkPage, NetworksPage, network_page, network_row
from app.web.render import render
from app.web.security import HouseDep, SignedIn
from app.words.speaking import told

router = APIRouter(prefix="/networks", include_in_schema=False)


@router.get("")
def show_networks(request: Request, user: SignedIn, house: HouseDep) -> Response:
    """Show the networks of the manifest."""
    try:
        manifest = read_manifest(house.settings.models)
    except NetworkRefused as refused:
        page = NetworksPage(rows=[], refused=told(refused))
        return render(request, NetworksPage.template, page)
    rows = [network_row(entry) for entry in manifest.networks]
    return render(request, NetworksPage.template, NetworksPage(rows=rows, refused=""))


@router.get("/{name}")
def show_network(request: Request, name: Key, user: SignedIn, house: HouseDep) -> Response:
    """Show one network. Raises `NotFound`."""
    models = house.settings.models
    try:
        entry = entry_of(read_manifest(models), name)
    except NetworkUnknown as unknown:
        raise NotFound("There is no network {name}.", name=name) from unknown
    page = network_page(entry, read_card(models, entry))
    return render(request, NetworkPage.template, page)
