"""Forms: what to ask for, in `fields.py`; how a form behaves, in `form.py`; a short module for each form."""
