"""Case 10, end to end: a support code is good for one visit. Its broker's part is in test_case_10 of the folder above."""

import pytest

from tests.helpers.house import House
from tests.helpers.visits import back_to_idle


@pytest.mark.long
async def test_a_code_is_worth_nothing_after_its_visit_or_when_it_was_taken_back(home: House) -> None:
    """Case 10: after success and the end of the visit, and after the person pressed *Cancel*."""
    async with home.technician() as technician:
        used = await home.get_help()
        await technician.enter_code(used)
        await technician.phase("asking")
        await home.person.press("Allow")
        await technician.phase("viewing")
        await technician.end()
        await technician.summary("technician_ended")
        await back_to_idle(home)
        await technician.page.click("#back")
        await technician.enter_code(used)
        await technician.page.wait_for_selector("#problem[data-reason^=code_]")
        code = await home.get_help()
        await home.person.press("Cancel")
        await home.person.see("Get help", "push button", enabled=True)
        await technician.enter_code(code)
        await technician.page.wait_for_selector("#problem[data-reason^=code_]")
    assert (await home.shown("host")).count("was asked") == 1
