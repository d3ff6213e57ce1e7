"""One asking action for each field that any form has (`action_ask_<slot>`), made from the forms themselves."""

from __future__ import annotations

from rasa_sdk.utils import all_subclasses

from actions.forms import booking, property_report, referral, requests  # noqa: F401 (defines the forms)
from actions.forms.form import AskField, ResidentForm

SLOTS = sorted({field.name for form in all_subclasses(ResidentForm) for field in form.fields})
ASKING = [type(f"Ask_{slot}", (AskField,), {"slot": slot}) for slot in SLOTS]
