"""Import and export of everything the office edits in files: CSV, XLSX, YAML."""

from bot.community.catalogue_files.exporting import export_files
from bot.community.catalogue_files.importing import import_files
from bot.community.catalogue_files.kinds import KINDS
from bot.community.catalogue_files.report import ImportReport, RowError

__all__ = ["KINDS", "ImportReport", "RowError", "export_files", "import_files"]
