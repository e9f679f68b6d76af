"""The same visit in French at both ends: every sentence a person reads comes from the catalogue."""

from tests.helpers.house import House
from tests.helpers.visits import back_to_idle, control, view

LANGUAGE = "fr"
GET_HELP = "Obtenir de l\N{RIGHT SINGLE QUOTATION MARK}aide"


async def test_help_is_given_in_french(home: House) -> None:
    async with home.technician(language="fr-FR") as technician:
        await view(home, technician, GET_HELP, "Autoriser")
        await control(home, technician, "Autoriser")
        assert await technician.page.evaluate("document.documentElement.lang") == "fr"
        await technician.end()
        said = await technician.summary("technician_ended")
        assert "technicien" in said.lower()
        await back_to_idle(home, "Fermer", GET_HELP)
    assert "langue fr" in await home.audit("show", "--language", "fr", *home.logs["host"])
