"""Where people live and who looks after it: sub-district, community, grid, compound."""

from __future__ import annotations

from sqlalchemy import Column, Float, ForeignKey, String, Text

from bot.community.models.base import Base, Json


class SubDistrict(Base):
    """街道."""

    __tablename__ = "subdistricts"
    id = Column(String(64), primary_key=True)
    name = Column(String(100), nullable=False)
    aliases = Column(Json, nullable=False, default=list)
    phone = Column(String(40))
    address = Column(String(200))
    hours = Column(String(300))
    lat = Column(Float)
    lon = Column(Float)


class Community(Base):
    """社区: the tenant. Catalogue, hours and staff belong to one."""

    __tablename__ = "communities"
    id = Column(String(64), primary_key=True)
    subdistrict_id = Column(String(64), ForeignKey("subdistricts.id"), index=True)
    name = Column(String(100), nullable=False)
    aliases = Column(Json, nullable=False, default=list)
    phone = Column(String(40))
    address = Column(String(200))
    hours = Column(String(300))
    lat = Column(Float)
    lon = Column(Float)


class Grid(Base):
    """网格, with the worker who looks after it; worker_staff is the id of the worker's log-in, where there is one."""

    __tablename__ = "grids"
    id = Column(String(64), primary_key=True)
    community_id = Column(String(64), ForeignKey("communities.id"), nullable=False, index=True)
    name = Column(String(100), nullable=False)
    worker_name = Column(String(60))
    worker_phone = Column(String(40))
    worker_staff = Column(String(64), index=True)


class PropertyCompany(Base):
    """物业公司."""

    __tablename__ = "property_companies"
    id = Column(String(64), primary_key=True)
    name = Column(String(100), nullable=False)
    phone = Column(String(40))
    emergency_phone = Column(String(40))
    hours = Column(String(300))


class Compound(Base):
    """小区. grid_id serves buildings without a row in building_grids; buildings is "1-12" or "1-8, 10, A座"."""

    __tablename__ = "compounds"
    id = Column(String(64), primary_key=True)
    community_id = Column(String(64), ForeignKey("communities.id"), nullable=False, index=True)
    grid_id = Column(String(64), ForeignKey("grids.id"), index=True)
    name = Column(String(100), nullable=False)
    aliases = Column(Json, nullable=False, default=list)
    address = Column(String(200))
    lat = Column(Float)
    lon = Column(Float)
    property_company_id = Column(String(64), ForeignKey("property_companies.id"), index=True)
    buildings = Column(String(300))


class BuildingGrid(Base):
    """The grid of one building, where a compound is divided among several."""

    __tablename__ = "building_grids"
    compound_id = Column(String(64), ForeignKey("compounds.id", ondelete="CASCADE"), primary_key=True)
    building = Column(String(20), primary_key=True)
    grid_id = Column(String(64), ForeignKey("grids.id"), nullable=False, index=True)


class Zone(Base):
    """功能区: one of the ten rooms and desks of a community service centre."""

    __tablename__ = "zones"
    id = Column(String(64), primary_key=True)
    name = Column(String(60), nullable=False)
    summary = Column(Text)


class ContentVersion(Base):
    """A token per kind of content, new with every change, so that caches know when to read again."""

    __tablename__ = "content_versions"
    kind = Column(String(40), primary_key=True)
    version = Column(String(32), nullable=False)
